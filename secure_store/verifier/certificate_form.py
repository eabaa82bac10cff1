"""What an erasure certificate must hold, and how its figures must agree, told from outside.

Written from the clauses, not from the writer's code: required fields by block, counts before
and after, keys, scans, and the order of dates.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

_JAPAN = timezone(timedelta(hours=9))
_DEADLINE_DAYS = 7

_REQUIRED: dict[str, str] = {
    "": "form head legal_deadline on_time witness execution inventory key_destruction "
    "cryptographic_erase verification validation log",
    "head": "certificate_id document issued_on contract_no contract_name commissioner contractor "
    "contractor_representative basis scope receivables period_start period_end rehearsal",
    "witness": "requested",
    "execution": "started_at finished_at persons sanitization methods technique tool "
    "assurance_level",
    "execution.tool": "name version",
    "key_destruction": "alive_before ever_made tombstones keys",
    "cryptographic_erase": "product key_generation encryption key_hierarchy data_areas "
    "key_life_cycle key_sanitization key_escrow error_handling interface",
    "verification": "before_report_sha256 before_values_sought before_plain_hits control_sealed "
    "control_opened after_report_sha256 values_tried values_opened canaries_sought canary_hits "
    "key_bytes_hits bytes_scanned encodings paths verifier verified_at",
    "validation": "residual_risks exceptions gates_noted",
    "log": "audit_origin tree_size root_hash head_hash checkpoint retention_until",
}
_WHEN_THERE: dict[str, str] = {
    "instruction": "document_no instructed_on",
    "application": "application_no applied_on items media quantities method_planned planned_on "
    "sha256",
    "consent": "consent_no consented_on post_and_name letter_sha256 scope_match",
}
_EACH: dict[str, str] = {
    "execution.persons": "name title role contact place",
    "inventory": "kind place before after",
    "key_destruction.keys": "key_id kind created_at destroyed_at kcv backend receipt copies_known "
    "copies_destroyed generation",
    "validation.exceptions": "no what reason",
    "validation.gates_noted": "gate note",
}


class Broken(Exception):
    """A field is absent (or of another type), or figures disagree, at ``where``."""

    def __init__(self, where: str, *, absent: bool = False) -> None:
        super().__init__(where)
        self.where = where
        self.absent = absent


def agrees(certificate: Any) -> None:
    """Raise ``Broken`` at the first place that is absent or does not agree."""
    _fields(certificate)
    try:
        _inventory(certificate)
        _keys(certificate)
        _scans(certificate["verification"])
        _claims(certificate)
        _gates(certificate)
        _dates(certificate)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as fault:
        raise Broken("types", absent=True) from fault


def _fields(certificate: Any) -> None:
    for path, names in _REQUIRED.items():
        _has(_at(certificate, path), names, path)
    for path, names in _WHEN_THERE.items():
        if path in certificate:
            _has(certificate[path], names, path)
    for path, names in _EACH.items():
        entries = _at(certificate, path)
        if not isinstance(entries, list):
            raise Broken(path, absent=True)
        for number, entry in enumerate(entries):
            _has(entry, names, f"{path}[{number}]")


def _at(value: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        value = value[name]
    return value


def _has(value: Any, names: str, where: str) -> None:
    if not isinstance(value, dict):
        raise Broken(where, absent=True)
    for name in names.split():
        if name not in value or value[name] == "":
            raise Broken(f"{where}.{name}".lstrip("."), absent=True)


def _must(holds: bool, where: str) -> None:
    if not holds:
        raise Broken(where)


def _count(value: Any, where: str) -> int:
    _must(type(value) is int and value >= 0, where)
    return int(value)


def _inventory(certificate: dict[str, Any]) -> None:
    excepted = {entry["no"] for entry in certificate["validation"]["exceptions"]}
    _must(bool(certificate["inventory"]), "inventory")
    for number, line in enumerate(certificate["inventory"]):
        where = f"inventory[{number}]"
        before, after = _count(line["before"], where), _count(line["after"], where)
        _must(after <= before, where)
        _must(after == 0 or line.get("exception_no") in excepted, where)


def _keys(certificate: dict[str, Any]) -> None:
    said = certificate["key_destruction"]
    keys = said["keys"]
    _must(len({key["key_id"] for key in keys}) == len(keys), "key_destruction.keys")
    _must(_count(said["alive_before"], "key_destruction") == len(keys), "key_destruction")
    made = _count(said["ever_made"], "key_destruction")
    _must(len(keys) <= made == said["tombstones"], "key_destruction.tombstones")
    for number, key in enumerate(keys):
        where = f"key_destruction.keys[{number}]"
        _must(_count(key["copies_known"], where) == key["copies_destroyed"], where)
    batches = {(key.get("receivable"), key.get("batch")) for key in keys}
    for number, line in enumerate(certificate["inventory"]):
        sealed = line["kind"] == "sealed_values" and line["before"] > line["after"]
        covered = (line.get("receivable"), line.get("batch")) in batches
        _must(covered or not sealed, f"inventory[{number}]")


def _scans(said: dict[str, Any]) -> None:
    for name in ("before_values_sought", "values_tried", "canaries_sought", "bytes_scanned"):
        _count(said[name], f"verification.{name}")
    for name in ("before_plain_hits", "values_opened", "canary_hits", "key_bytes_hits"):
        _must(_count(said[name], f"verification.{name}") == 0, f"verification.{name}")
    sealed = _count(said["control_sealed"], "verification.control_sealed")
    opened = _count(said["control_opened"], "verification.control_opened")
    _must(sealed == opened, "verification.control_opened")


def _claims(certificate: dict[str, Any]) -> None:
    said, execution = certificate["verification"], certificate["execution"]
    sealed = any(
        line["kind"] == "sealed_values" and line["before"] for line in certificate["inventory"]
    )
    _must(not sealed or said["control_sealed"] > 0, "verification.control_sealed")
    _must(not sealed or said["values_tried"] > 0, "verification.values_tried")
    # Level C: the root key lay on the same disk, so destroyed keys alone are no purge.
    bears = execution["assurance_level"] in ("A", "B") or execution["sanitization"] == "clear"
    _must(bears or "physical_destruction" in execution["methods"], "execution.sanitization")


def _gates(certificate: dict[str, Any]) -> None:
    noted = {entry["gate"] for entry in certificate["validation"]["gates_noted"]}
    consent = certificate.get("consent")
    if consent is None:
        _must("consent_recorded" in noted, "consent")
    elif consent["scope_match"] is not True:
        _must("consent_matches" in noted, "consent.scope_match")
    names = {person["name"] for person in certificate["execution"]["persons"]}
    _must(len(names) >= 2, "execution.persons")


def _dates(certificate: dict[str, Any]) -> None:
    head, execution = certificate["head"], certificate["execution"]
    started, finished = _instant(execution["started_at"]), _instant(execution["finished_at"])
    verified = _instant(certificate["verification"]["verified_at"])
    issued, period_end = (
        date.fromisoformat(head["issued_on"]),
        date.fromisoformat(head["period_end"]),
    )
    _must(started <= finished <= verified, "execution.finished_at")
    _must(_day(verified) <= issued, "head.issued_on")
    for number, key in enumerate(certificate["key_destruction"]["keys"]):
        made, gone = _instant(key["created_at"]), _instant(key["destroyed_at"])
        inside = made <= gone and started <= gone <= finished
        _must(inside, f"key_destruction.keys[{number}].destroyed_at")
    _papers(certificate, _day(started), issued)
    deadline = period_end + timedelta(days=_DEADLINE_DAYS)
    _must(certificate["legal_deadline"] == deadline.isoformat(), "legal_deadline")
    _must(certificate["on_time"] is (max(_day(finished), issued) <= deadline), "on_time")
    kept = date.fromisoformat(certificate["log"]["retention_until"])
    _must(kept >= _a_year_after(period_end), "log.retention_until")


def _papers(certificate: dict[str, Any], started: date, issued: date) -> None:
    last = date.min
    for block, field in (
        ("instruction", "instructed_on"),
        ("application", "applied_on"),
        ("consent", "consented_on"),
    ):
        if block in certificate:
            day = date.fromisoformat(certificate[block][field])
            _must(last <= day <= started, f"{block}.{field}")
            last = day
    accepted = certificate["validation"].get("accepted_on")
    _must(accepted is None or date.fromisoformat(accepted) >= issued, "validation.accepted_on")


def _instant(text: str) -> datetime:
    _must(text.endswith("+09:00"), "instant")
    return datetime.fromisoformat(text)


def _day(instant: datetime) -> date:
    return instant.astimezone(_JAPAN).date()


def _a_year_after(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)
