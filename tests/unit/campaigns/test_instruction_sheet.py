"""Work instructions as data: what is read, what is refused by field, what is written back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import InstructionInvalid, ParameterInvalid
from campaigns.profile.instruction_sheet import (
    SHEET_PARAMETERS,
    InstructionSheet,
    NumberKind,
    RightParty,
    SheetFault,
    SheetFaultKind,
    ThirdPartyRules,
    read_sheet,
    sheet_from,
    write_sheet,
)
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, DEFAULT_ROTATION, Band

WHOLE = """
receivable: A05
parameters: {min_counted_attempts: 2, max_counted_attempts: 4, busy_per_attempt: 2,
  voicemail_message_allowed: true}
bands:
  weekday: {H1: "11:30-13:30", H2: "16:30-19:00", H3: "19:00-20:30"}
  weekend_or_holiday: {H5: "14:00-16:00", H4: "10:00-14:00"}
rotation: H5,H3,H1
number_order: {H1: "landline,mobile", H4: ""}
workplace_numbers: true
third_party: {message_allowed: true, messages_per_campaign: 2}
account_transfer: false
right_party: [addressee, heir]
identity_items: [name, birth_date, notice_number]
spare_item: address
"""


def faults_of(raw: object) -> set[tuple[str, str]]:
    with pytest.raises(InstructionInvalid) as refused:
        sheet_from(raw)
    return {(one.field, one.kind.value) for one in refused.value.details["faults"]}


@pytest.mark.clause("S4-8.6b")
def test_a_whole_sheet_is_read() -> None:
    sheet = read_sheet(WHOLE)
    assert sheet.parameters["max_counted_attempts"] == 4
    assert sheet.bands is not None
    assert [cut.band for cut in sheet.bands.weekend_or_holiday] == [Band.H4, Band.H5]
    assert sheet.rotation == (Band.H5, Band.H3, Band.H1)
    assert sheet.number_order == {
        Band.H1: (NumberKind.LANDLINE, NumberKind.MOBILE),
        Band.H4: (),
    }
    assert (sheet.workplace_numbers, sheet.account_transfer) == (True, False)
    assert sheet.third_party == ThirdPartyRules(True, 2)
    assert sheet.right_party == (RightParty.ADDRESSEE, RightParty.HEIR)
    assert (sheet.identity_items, sheet.spare_item) == (
        ("name", "birth_date", "notice_number"),
        "address",
    )


def test_what_is_written_is_read_back() -> None:
    assert read_sheet(write_sheet(read_sheet(WHOLE))) == read_sheet(WHOLE)
    bare = InstructionSheet(receivable="A01")
    assert read_sheet(write_sheet(bare)) == bare


@given(
    values=st.dictionaries(
        st.sampled_from([name for name in SHEET_PARAMETERS if "counted_attempts" not in name]),
        st.one_of(st.integers(-5, 600), st.booleans(), st.text(max_size=5), st.floats()),
    )
)
def test_a_parameter_is_taken_over_or_refused_by_its_name(values: dict[str, Any]) -> None:
    try:
        Parameters.from_mapping(values)
    except ParameterInvalid as refused:
        named = {(name, "unusable") for name in refused.details["names"]}
        assert faults_of({"receivable": "A01", "parameters": values}) == named
        return
    sheet = sheet_from({"receivable": "A01", "parameters": values})
    assert read_sheet(write_sheet(sheet)) == sheet


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"receivable": "保育料"}, ("receivable", "unusable")),
        ({"attempts": 3}, ("attempts", "unknown")),
        ({"見本 太郎": 1}, ("document", "unknown")),
        ({"parameters": {"lease_minutes": 5}}, ("lease_minutes", "unknown")),
        ({"parameters": {"busy_per_attempt": 0}}, ("busy_per_attempt", "unusable")),
        ({"parameters": {"max_counted_attempts": 3}}, ("min_counted_attempts", "missing")),
        ({"parameters": [1]}, ("parameters", "unusable")),
        ({"bands": {"weekday": {}}}, ("bands", "unusable")),
        ({"bands": {"weekday": {"H1": "9:00"}, "weekend_or_holiday": {}}}, ("bands", "unusable")),
        ({"rotation": "H1,H1"}, ("rotation", "unusable")),
        ({"rotation": 5}, ("rotation", "unusable")),
        ({"number_order": {"H9": "mobile"}}, ("number_order", "unusable")),
        ({"number_order": {"H1": "mobile,mobile"}}, ("number_order", "unusable")),
        ({"workplace_numbers": "yes please"}, ("workplace_numbers", "unusable")),
        ({"third_party": {"message_allowed": True}}, ("third_party", "unusable")),
        (
            {"third_party": {"message_allowed": True, "messages_per_campaign": 9}},
            ("third_party", "unusable"),
        ),
        ({"account_transfer": 1}, ("account_transfer", "unusable")),
        ({"right_party": []}, ("right_party", "unusable")),
        ({"right_party": ["neighbour"]}, ("right_party", "unusable")),
        ({"identity_items": ["name", "address"]}, ("identity_items", "unusable")),
        ({"identity_items": ["birth_date", "address", "school"]}, ("identity_items", "unusable")),
        ({"identity_items": ["name", "birth_date", "address"]}, ("spare_item", "missing")),
        (
            {"identity_items": ["name", "birth_date", "address"], "spare_item": "address"},
            ("spare_item", "unusable"),
        ),
    ],
)
def test_every_fault_is_told_by_its_field(
    change: dict[str, object], fault: tuple[str, str]
) -> None:
    assert fault in faults_of({"receivable": "A01", **change})


def test_all_faults_are_told_at_once_and_no_value() -> None:
    raw = {"parameters": {"busy_per_attempt": 777}, "rotation": "見本", "spare_item": 4}
    found = faults_of(raw)
    assert {name for name, _kind in found} == {
        "receivable",
        "busy_per_attempt",
        "rotation",
        "spare_item",
    }
    with pytest.raises(InstructionInvalid) as refused:
        sheet_from(raw)
    assert "777" not in str(refused.value.details)
    assert "見本" not in str(refused.value.details)


@pytest.mark.parametrize("document", ["", "- a", "a: [", "x" * 30_000, "&a [*a]"])
def test_what_is_no_sheet_is_refused_as_a_whole(document: str) -> None:
    with pytest.raises(InstructionInvalid) as refused:
        read_sheet(document)
    assert SheetFault("document", SheetFaultKind.UNUSABLE) in refused.value.details["faults"]


def test_the_sheet_of_the_contract_may_be_written_out() -> None:
    sheet = InstructionSheet(receivable="A01", bands=DEFAULT_CUTS, rotation=DEFAULT_ROTATION)
    assert read_sheet(write_sheet(sheet)) == sheet
