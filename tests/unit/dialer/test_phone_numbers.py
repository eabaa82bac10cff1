"""Telephone numbers as people write them. All numbers here are made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.errors import NumberUnusable
from dialer.phone import (
    NumberFault,
    PhoneKind,
    e164,
    grouped,
    kind_of,
    mask,
    normalise,
)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("09000000000", "09000000000"),
        ("090-0000-0000", "09000000000"),
        ("０９０－００００－００００", "09000000000"),
        ("０９０ー００００ー００００", "09000000000"),
        ("090‐0000‐0000", "09000000000"),
        ("090−0000−0000", "09000000000"),
        ("090–0000—0000", "09000000000"),
        ("090-0000ｰ0000", "09000000000"),
        (" 090 0000　0000 ", "09000000000"),
        ("\t09000000000\r\n", "09000000000"),
        ("+81 90-0000-0000", "09000000000"),
        ("＋８１９０００００００００", "09000000000"),
        ("+81 (0)90 0000 0000", "09000000000"),
        ("(011)000-0000", "0110000000"),
        ("（０１１）０００－００００", "0110000000"),
        ("+81-11-000-0000", "0110000000"),
        ("050-0000-0000", "05000000000"),
        ("060-0000-0000", "06000000000"),
        ("0980-00-0000", "0980000000"),  # an area code, not a paid service
        ("0880-00-0000", "0880000000"),
    ],
)
def test_the_ways_people_write_a_number(text: str, digits: str) -> None:
    assert normalise(text) == digits


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("   ", NumberFault.EMPTY),
        ("---", NumberFault.EMPTY),
        ("なし", NumberFault.NOT_DIGITS),
        ("0110000000 内線12", NumberFault.NOT_DIGITS),
        ("09O-0000-0000", NumberFault.NOT_DIGITS),
        ("0900000000①", NumberFault.NOT_DIGITS),
        ("٠٩٠٠٠٠٠٠٠٠٠", NumberFault.NOT_DIGITS),
        ("+1 202 000 0000", NumberFault.NOT_DIGITS),
        ("0110000000/0110000001", NumberFault.NOT_DIGITS),
        ("011000\n0000", NumberFault.NOT_DIGITS),
        ("011000000", NumberFault.WRONG_LENGTH),
        ("01100000000", NumberFault.WRONG_LENGTH),
        ("0900000000", NumberFault.WRONG_LENGTH),
        ("090000000000", NumberFault.WRONG_LENGTH),
        ("0500000000", NumberFault.WRONG_LENGTH),
        ("0" * 41, NumberFault.WRONG_LENGTH),
        ("0", NumberFault.WRONG_LENGTH),
        ("9000000000", NumberFault.WRONG_PREFIX),  # a spreadsheet ate the 0
        ("819000000000", NumberFault.WRONG_PREFIX),
        ("010-1-202-000-0000", NumberFault.WRONG_PREFIX),
        ("0077-000-000", NumberFault.WRONG_PREFIX),
        ("186-011-000-0000", NumberFault.WRONG_PREFIX),
        ("0120-000-000", NumberFault.SERVICE_NUMBER),
        ("0800-000-0000", NumberFault.SERVICE_NUMBER),
        ("0570-000-000", NumberFault.SERVICE_NUMBER),
        ("0990-000-000", NumberFault.SERVICE_NUMBER),
        ("0180-000-000", NumberFault.SERVICE_NUMBER),
        ("020-0000-0000", NumberFault.SERVICE_NUMBER),
        ("110", NumberFault.SERVICE_NUMBER),
        ("118", NumberFault.SERVICE_NUMBER),
        ("１１９", NumberFault.SERVICE_NUMBER),
    ],
)
def test_what_is_no_number_to_dial(text: str, fault: NumberFault) -> None:
    with pytest.raises(NumberUnusable) as refused:
        normalise(text)
    assert refused.value.details == {"reason": fault}


@given(st.text(max_size=50))
def test_whatever_is_accepted_is_ten_or_eleven_digits(text: str) -> None:
    digits = accepted(text)
    assert digits is None or re.fullmatch(r"0[0-9]{9,10}", digits)


@given(st.text(alphabet="0123456789-+ ０１９－", min_size=1, max_size=50))
def test_a_refusal_never_repeats_the_number(text: str) -> None:
    if accepted(text) is not None:
        return
    with pytest.raises(NumberUnusable) as refused:
        normalise(text)
    assert str(refused.value) == (
        "This is not a telephone number that may be dialled. "
        f"(reason={refused.value.details['reason']})"
    )
    assert isinstance(refused.value.details["reason"], NumberFault)
    assert refused.value.__cause__ is None


def accepted(text: str) -> str | None:
    try:
        return normalise(text)
    except NumberUnusable:
        return None


SHAPES = st.sampled_from(["090{}", "080{}", "070{}", "060{}", "050{}"])
ELEVEN = st.tuples(SHAPES, st.integers(10_000_000, 99_999_999)).map(lambda p: p[0].format(p[1]))
TEN = st.tuples(
    st.sampled_from(["011", "03", "066", "0166", "0123", "045", "0980", "092"]),
    st.integers(0, 99_999_999),
).map(lambda p: p[0] + str(p[1]).zfill(8)[: 10 - len(p[0])])
NUMBERS = st.one_of(ELEVEN, TEN)


@given(NUMBERS)
def test_every_spelling_of_a_number_comes_back_to_its_digits(digits: str) -> None:
    wide = digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for spelling in (digits, wide, grouped(digits), e164(digits), normalise(digits)):
        assert normalise(spelling) == digits


@pytest.mark.parametrize(
    ("digits", "kind"),
    [
        ("0110000000", PhoneKind.LANDLINE),
        ("0300000000", PhoneKind.LANDLINE),
        ("09000000000", PhoneKind.MOBILE),
        ("08010000000", PhoneKind.MOBILE),
        ("07000000000", PhoneKind.MOBILE),
        ("06000000000", PhoneKind.MOBILE),
        ("05000000000", PhoneKind.IP),
        ("0120000000", PhoneKind.TOLL_FREE),
        ("08000000000", PhoneKind.TOLL_FREE),
        ("0570000000", PhoneKind.SERVICE),
        ("110", PhoneKind.SERVICE),
        ("9000000000", PhoneKind.UNKNOWN),
        ("090000", PhoneKind.UNKNOWN),
        ("", PhoneKind.UNKNOWN),
    ],
)
def test_kind_of_a_number(digits: str, kind: PhoneKind) -> None:
    assert kind_of(digits) is kind


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("09012345678", "090-1234-5678"),
        ("05012345678", "050-1234-5678"),
        ("0300000000", "03-0000-0000"),
        ("0660000000", "06-6000-0000"),
        ("0110000000", "011-000-0000"),
        ("0166000000", "0166-00-0000"),
        ("0450000000", "045-000-0000"),
        ("0120000000", "0120-000-000"),
        ("08000000000", "0800-000-0000"),
        ("110", "110"),
        ("", ""),
    ],
)
def test_numbers_are_grouped_for_reading(digits: str, shown: str) -> None:
    assert grouped(digits) == shown


@pytest.mark.parametrize(
    ("digits", "masked"),
    [
        ("09012345678", "*******5678"),
        ("0110001234", "******1234"),
        ("1234567", "*******"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_four_digits_at_most(digits: str, masked: str) -> None:
    assert mask(digits) == masked


def test_the_international_spelling() -> None:
    assert e164("09012345678") == "+819012345678"
    assert e164("0110001234") == "+81110001234"
