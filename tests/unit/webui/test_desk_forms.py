"""Reading what was typed about a call: nothing is guessed, every fault stands at its field."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from campaigns.api import Direction, IdentityItem, ItemResult, PaymentMethod, TransferNotice
from webui.forms.agent_desk import FormStale, Typed, handling_of, read_result, verdicts_of
from webui.forms.callbacks import read_query

TODAY = date(2022, 9, 20)


def read(**fields: str) -> tuple[object, dict[str, str]]:
    found = read_result(Typed.of(fields.items()), TODAY, Direction.OUTBOUND)
    return found.entry.report, found.faults


def test_a_promise_is_read_as_it_is_typed() -> None:
    typed = Typed.of(
        [
            ("outcome", "51"),
            ("promised_on", "来週金"),
            ("promised_yen", "２４，０００円"),
            ("payment_method", "1"),
            ("promised_periods", "202206"),
            ("promised_periods", "202207"),
            ("transfer_notice", "wanted"),
            ("note", " 見本 "),
            ("unknown", "x"),
        ]
    )
    entry = read_result(typed, TODAY, Direction.OUTBOUND).entry
    assert (entry.code, entry.secondary) == ("51", ())
    assert entry.report.promised_on == date(2022, 9, 30)
    assert entry.report.promised_yen == 24_000
    assert entry.report.payment_method is PaymentMethod.SLIP
    assert entry.report.promised_periods == ("202206", "202207")
    assert entry.report.transfer_notice is TransferNotice.WANTED
    assert entry.report.note == "見本"
    assert not typed.has("unknown")


def test_day_and_time_of_a_call_come_together_or_are_asked_for() -> None:
    report, faults = read(follow_up_day="あす", follow_up_time="18時半")
    assert faults == {}
    assert report.follow_up_at == datetime.fromisoformat("2022-09-21T18:30:00+09:00")  # type: ignore[attr-defined]
    assert set(read(follow_up_day="あす")[1]) == {"follow_up_time"}
    assert set(read(follow_up_time="18:30")[1]) == {"follow_up_day"}
    assert set(read(follow_up_day="9/31", follow_up_time="18:30")[1]) == {"follow_up_day"}
    assert set(read(follow_up_day="あす", follow_up_time="夕方")[1]) == {"follow_up_time"}


@pytest.mark.parametrize("text", ["多い", "-1", "1.5", "12345678901", "1万"])
def test_an_amount_is_digits_or_a_fault(text: str) -> None:
    assert set(read(promised_yen=text)[1]) == {"promised_yen"}


def test_a_choice_that_is_not_offered_is_a_fault() -> None:
    assert set(read(payment_method="5", transfer_notice="often")[1]) == {
        "payment_method",
        "transfer_notice",
    }


def test_a_form_cannot_grow_without_end() -> None:
    typed = Typed.of([("note", "あ" * 5000)] + [("qa_used", "Q01")] * 500)
    assert len(typed.one("note")) == 2000
    assert len(typed.entries) == 60


def test_what_was_typed_is_in_no_printed_form_of_it() -> None:
    typed = Typed.of([("note", "見本の人の話"), ("promised_yen", "24000")])
    found = read_result(typed, TODAY, Direction.OUTBOUND)
    assert "見本の人の話" not in repr(typed) + repr(found)
    assert "24000" not in repr(typed) + repr(found)


def test_only_known_items_and_words_are_compared() -> None:
    form = {
        "verdict-name": "match",
        "verdict-address": "differs",
        "verdict-birth_date": "maybe",
        "verdict-shoe_size": "match",
        "school": "match",
    }
    assert verdicts_of(form.items()) == {
        IdentityItem.NAME: ItemResult.MATCH,
        IdentityItem.ADDRESS: ItemResult.MISMATCH,
    }


def test_a_form_without_its_handling_is_stale() -> None:
    with pytest.raises(FormStale):
        handling_of("")


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({"receivable": "A01", "number": "0110000001"}, set()),
        ({"receivable": "A01", "key": "A01-1"}, set()),
        ({"receivable": "A01"}, {"number"}),
        ({"receivable": "A01", "number": "1", "key": "2"}, {"key"}),
        ({"receivable": "A09", "number": "1"}, {"receivable"}),
        ({}, {"receivable", "number"}),
    ],
)
def test_a_callback_is_searched_in_one_receivable_one_way(
    form: dict[str, str], faults: set[str]
) -> None:
    assert set(read_query(form, ["A01", "A02"]).faults) == faults
