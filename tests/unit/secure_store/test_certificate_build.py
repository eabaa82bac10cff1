"""Facts about certificate build."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from certificate_sample import all_blocks, at, file_of, sample, without_consent

from secure_store.canonical import NotCanonical, parse_canonical
from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure.certificate import (
    FORBIDDEN_WORDS,
    CertificateFault,
    CertificateRefused,
    build,
    canonical_json,
)

Fault = CertificateFault


def _changed(block: str, **values: Any) -> dict[str, Any]:
    return {block: replace(all_blocks()[block], **values)}


def _first(block: str, entries: str, **values: Any) -> dict[str, Any]:
    given = all_blocks()[block]
    first, *rest = getattr(given, entries)
    return {block: replace(given, **{entries: (replace(first, **values), *rest)})}


def _inventory(**values: Any) -> dict[str, Any]:
    first, *rest = all_blocks()["inventory"]
    return {"inventory": (replace(first, **values), *rest)}


REFUSED = [
    (_inventory(after=1), Fault.REMAINDER_WITHOUT_REASON),
    (_inventory(after=1, exception_no=2), Fault.REMAINDER_WITHOUT_REASON),
    (_inventory(before=-1), Fault.NEGATIVE_COUNT),
    (_inventory(after=121, exception_no=1), Fault.NEGATIVE_COUNT),
    ({"inventory": ()}, Fault.EMPTY_FIELD),
    (_inventory(kind=blocks.ItemKind.SEALED_VALUES, batch="A01-202211"), Fault.BATCH_WITHOUT_KEY),
    (_changed("key_destruction", alive_before=8), Fault.KEYS_NOT_COUNTED),
    (_changed("key_destruction", alive_before=6), Fault.KEYS_NOT_COUNTED),
    (_changed("key_destruction", ever_made=6, tombstones=6), Fault.KEYS_NOT_COUNTED),
    (_changed("key_destruction", tombstones=9), Fault.TOMBSTONE_MISSING),
    (_first("key_destruction", "keys", copies_destroyed=1), Fault.KEY_COPY_LEFT),
    (_first("key_destruction", "keys", key_id=f"{2:016x}"), Fault.KEYS_NOT_COUNTED),
    (_first("key_destruction", "keys", destroyed_at=at(1, 9)), Fault.DATES_OUT_OF_ORDER),
    (_first("key_destruction", "keys", destroyed_at=at(3, 18)), Fault.DATES_OUT_OF_ORDER),
    (_first("key_destruction", "keys", created_at=at(2, 11)), Fault.DATES_OUT_OF_ORDER),
    (_changed("verification", values_opened=1), Fault.SOMETHING_OPENS),
    (_changed("verification", canary_hits=1), Fault.SOMETHING_OPENS),
    (_changed("verification", key_bytes_hits=1), Fault.SOMETHING_OPENS),
    (_changed("verification", before_plain_hits=1), Fault.SOMETHING_OPENS),
    (_changed("verification", control_sealed=0, control_opened=0), Fault.NOTHING_TRIED),
    (_changed("verification", values_tried=0), Fault.NOTHING_TRIED),
    (
        _changed("execution", assurance_level=blocks.AssuranceLevel.C),
        Fault.LEVEL_CLAIMS_TOO_MUCH,
    ),
    (_changed("verification", control_opened=1919), Fault.CONTROL_FAILED),
    (_changed("verification", verified_at=at(3, 17)), Fault.DATES_OUT_OF_ORDER),
    (_changed("verification", verifier="  "), Fault.EMPTY_FIELD),
    (_changed("head", issued_on=date(2023, 4, 3)), Fault.DATES_OUT_OF_ORDER),
    (_changed("head", scope=""), Fault.EMPTY_FIELD),
    (_changed("application", applied_on=date(2023, 3, 25)), Fault.DATES_OUT_OF_ORDER),
    (_changed("consent", consented_on=date(2023, 4, 3)), Fault.DATES_OUT_OF_ORDER),
    (_changed("consent", scope_match=False), Fault.CONSENT_NOT_NOTED),
    ({"consent": None}, Fault.CONSENT_NOT_NOTED),
    (_changed("validation", accepted_on=date(2023, 4, 4)), Fault.DATES_OUT_OF_ORDER),
    (_changed("log", retention_until=date(2024, 3, 30)), Fault.LOG_ENDS_TOO_EARLY),
    (_changed("execution", persons=all_blocks()["execution"].persons[:1]), Fault.ONE_PERSON),
]


@pytest.mark.parametrize(("change", "fault"), REFUSED)
def test_facts_that_do_not_add_up_make_no_certificate(
    change: dict[str, Any], fault: CertificateFault
) -> None:
    with pytest.raises(CertificateRefused) as refused:
        sample(**change)
    assert refused.value.details == {"fault": fault.value}


@pytest.mark.parametrize("word", FORBIDDEN_WORDS)
def test_no_certificate_promises_more_than_was_checked(word: str) -> None:
    with pytest.raises(CertificateRefused, match=Fault.FORBIDDEN_WORD):
        sample(**_first("execution", "persons", title=f"{word}の担当"))


@pytest.mark.clause("S4-14.10")
@pytest.mark.parametrize(("late_by", "on_time"), [(-1, True), (0, True), (1, False)])
def test_the_deadline_is_seven_days_after_the_period_and_includes_its_last_day(
    late_by: int, on_time: bool
) -> None:
    deadline = date(2023, 4, 7)
    certificate = sample(**_changed("head", issued_on=deadline + timedelta(days=late_by)))
    assert (certificate.legal_deadline, certificate.on_time) == (deadline, on_time)


@pytest.mark.clause("S3-B2-13.5")
def test_time_person_and_content_stand_in_the_signed_bytes() -> None:
    said = parse_canonical(canonical_json(sample()))
    assert said["execution"]["started_at"] == "2023-04-02T09:00:00+09:00"
    assert [person["name"] for person in said["execution"]["persons"]][0] == "見本　二郎"
    assert sum(line["before"] for line in said["inventory"] if line["kind"] == "rows") == 480


def test_a_missing_consent_is_certified_when_it_is_noted() -> None:
    assert b'"gate":"consent_recorded"' in canonical_json(without_consent())


@pytest.mark.clause("T13")
def test_the_fullest_certificate_leaves_no_field_empty() -> None:
    given = all_blocks()
    given["validation"] = replace(
        given["validation"], accepted_by="管財課", accepted_on=date(2023, 4, 6)
    )
    empty = {".".join(path) for path in _empty_fields(build(**given), ())}
    # What belongs to the whole contract has no receivable; what is gone needs no exception.
    assert empty == {
        "inventory.receivable",
        "inventory.batch",
        "inventory.exception_no",
        "key_destruction.keys.receivable",
        "key_destruction.keys.batch",
        "validation.gates_noted",
    }
    assert _count_fields(given) >= 80


def _empty_fields(value: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(value, tuple) and value:
        return [found for item in value for found in _empty_fields(item, path)]
    if is_dataclass(value):
        named = [(field.name, getattr(value, field.name)) for field in fields(value)]
        return [found for name, item in named for found in _empty_fields(item, (*path, name))]
    return [path] if value in (None, "", ()) else []


def _count_fields(given: dict[str, Any]) -> int:
    return sum(len(fields(block)) for block in given.values() if is_dataclass(block))


def test_the_same_facts_give_the_same_bytes_and_only_canonical_bytes_are_read() -> None:
    assert file_of(sample()) == file_of(sample())
    with pytest.raises(NotCanonical):
        parse_canonical(file_of(sample()) + b"\n")
    with pytest.raises(NotCanonical):
        parse_canonical(b'{"a":1,"a":1}')
