"""Which passwords are taken (security.md 7.2): pure rules."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secure_store.people.common_passwords import is_common
from secure_store.people.passwords import PasswordFault, PasswordRefused, check_new, normal

GOOD = "tsuki to kumo no aida"


def fault(password: str, *, second: bool = False) -> str | None:
    try:
        check_new(password, "OP01", has_second_factor=second)
    except PasswordRefused as refused:
        return str(refused.details["fault"])
    return None


@pytest.mark.clause("S4-9.4-2", "S3-B1-5.8")
@pytest.mark.parametrize(
    ("password", "second", "said"),
    [
        (GOOD, False, None),
        (GOOD[:14], False, PasswordFault.TOO_SHORT),
        (GOOD[:14], True, None),
        (GOOD[:11], True, PasswordFault.TOO_SHORT),
        ((GOOD * 8)[:128], False, None),
        ((GOOD * 8)[:129], False, PasswordFault.TOO_LONG),
        ("月と雲のあいだにある見本の言葉", False, None),
        ("ab" * 10, False, PasswordFault.ONE_CHARACTER_REPEATED),
        ("my op01 is very long", False, PasswordFault.CONTAINS_STAFF_CODE),
        ("we love sapporo very much", False, PasswordFault.CONTAINS_CONTEXT_WORD),
        ("ｓａｐｐｏｒｏ is full of snow", False, PasswordFault.CONTAINS_CONTEXT_WORD),
        ("札幌の雪はとてもきれいで大好き", False, PasswordFault.CONTAINS_CONTEXT_WORD),
        ("qwertyuiopasdfgh", False, PasswordFault.COMMON),
        ("sakura2022sakura2022", False, PasswordFault.COMMON),
        ("1234567890123456789", False, PasswordFault.COMMON),
    ],
)
def test_a_new_password(password: str, second: bool, said: PasswordFault | None) -> None:
    assert fault(password, second=second) == said


@given(st.text(min_size=1, max_size=40))
def test_it_does_not_matter_how_a_character_was_typed(text: str) -> None:
    assert normal(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", text)


@given(st.text(alphabet="0123456789 -.", min_size=1, max_size=30))
def test_digits_alone_are_common(text: str) -> None:
    assert is_common(text)
