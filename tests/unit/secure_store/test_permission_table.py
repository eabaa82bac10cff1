"""The permission table, its words and its page say the same."""

from __future__ import annotations

from secure_store.access import GRANTS, Mark, Permission, Role, Scope
from secure_store.people.permission_page import PAGE, page
from secure_store.people.permission_table import ROWS, TABLE
from webui.words.permissions import MARK_WORDS, PERMISSION_WORDS, SCOPE_WORDS


def test_every_permission_has_one_row_and_japanese_words() -> None:
    assert [row.permission for row in TABLE] == list(Permission)
    assert set(PERMISSION_WORDS) == set(Permission)
    assert set(MARK_WORDS) == set(Mark)
    assert set(SCOPE_WORDS) == set(Scope)
    assert len(set(PERMISSION_WORDS.values())) == len(Permission)


def test_the_page_is_as_the_table_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m secure_store.people.permission_page"
    )


def test_nobody_who_keeps_the_system_sees_anybodys_data() -> None:
    """Administrators, auditors and verifiers hold no permission that reaches a receivable."""
    for role in (Role.SYSTEM_ADMIN, Role.AUDITOR, Role.VERIFIER):
        scopes = {ROWS[permission].grants[role] for permission in GRANTS[role]}
        assert scopes <= {Scope.ALL, Scope.OWN}
        assert Permission.SEE_CASE_LISTS not in GRANTS[role]


def test_no_role_alone_makes_and_confirms_accounts_or_destroys_and_verifies() -> None:
    for first, second in (
        (Permission.MANAGE_STAFF, Permission.APPROVE_STAFF),
        (Permission.DESTROY_KEYS, Permission.VERIFY_ERASURE),
        (Permission.EDIT_SCRIPTS, Permission.APPROVE_SCRIPTS),
    ):
        assert not [role for role in Role if {first, second} <= GRANTS[role]]
