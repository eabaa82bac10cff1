"""The second person of an act: a code and a password, typed at the first person's screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SecondPersonForm:
    """What was typed. The password is read where it is checked, and kept nowhere."""

    code: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_second(form: Mapping[str, str]) -> SecondPersonForm:
    """The second person's code; both fields have to be filled."""
    code = form.get("second_code", "").strip().upper()[:16]
    errors = {}
    if not code:
        errors["second_code"] = "業務管理者の利用者番号を入れてください。"
    if not form.get("second_password"):
        errors["second_password"] = "業務管理者本人がパスワードを入れてください。"  # noqa: S105
    return SecondPersonForm(code, errors)
