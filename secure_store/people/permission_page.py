"""Writes docs/permissions.md from the table: ``python -m secure_store.people.permission_page``."""

from __future__ import annotations

from pathlib import Path

from secure_store.people.permission_table import TABLE, Mark, Role, Row

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
_COLUMNS = {
    "OP": Role.AGENT,
    "SV": Role.SUPERVISOR,
    "AD": Role.SYSTEM_ADMIN,
    "CF": Role.DEPARTMENT_OFFICER,
    "AU": Role.AUDITOR,
    "VF": Role.VERIFIER,
    "system": Role.SYSTEM,
}
_MARKS = {Mark.TWO_PERSONS: "2P", Mark.STEP_UP: "SU", Mark.SUPERVISOR_TERMINAL: "ST"}
_HEAD = """# Who may do what

Made from `secure_store/people/permission_table.py` by `python -m secure_store.people.permission_page`; a test
compares the two. The same table is shown on the screen 権限一覧 and read by the test of every route.

- **OP** agent, **SV** supervisor, **AD** system administrator, **CF** department officer,
  **AU** auditor, **VF** verifier.
- **own**: what lies in one's own hands. **granted**: the receivables this person was granted.
  **all**: the whole contract. Empty: refused, and the refusal is noted.
- **2P**: what cannot be taken back is confirmed by a second person. **SU**: every act asks for a
  password (and a key, where keys are used) given within five minutes. **ST**: refused on terminals
  registered for agents.

| permission | OP | SV | AD | CF | AU | VF | system | asks for |
|---|---|---|---|---|---|---|---|---|
"""
_FOOT = """
A row without any role holds in rehearsal homes only: {rehearsal}.
"""


def page() -> str:
    """The whole page, in Markdown."""
    names = (f"`{row.permission.value}`" for row in TABLE if not row.grants)
    return _HEAD + "".join(_line(row) for row in TABLE) + _FOOT.format(rehearsal=", ".join(names))


def _line(row: Row) -> str:
    scopes = (row.grants[role].value if role in row.grants else "" for role in _COLUMNS.values())
    marks = " ".join(short for mark, short in _MARKS.items() if mark in row.marks)
    return f"| `{row.permission.value}` | {' | '.join(scopes)} | {marks} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
