"""A day with marked names, numbers, amounts and notes leaves none of them where they must not be.

Everything that was written is searched (security.md 5.9); a second search over planted copies
proves that the first one would have found them.
"""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from secure_store.clock import FixedClock
from tests.clusters import Cluster, open_run_folder
from tests.homes import make_home
from tests.leaks.forbidden import ABSENT, SEARCHED
from tests.leaks.marked_day import ARRIVAL, CASE_AGENT, STAFF, MarkedDay
from tests.leaks.planting import LENT, ROWS_OF, Kind, Marks
from tests.leaks.searching import ENCODINGS, Searcher, files_in, rows_in
from tests.leaks.sinks import Parts, output_kept, sinks_of, temporary_files_kept
from webui.runtime import log_setup

# What each stage of the desk shows of the case in hand, and not one value more (decision 5).
WHO = {Kind.KANA, Kind.CARE}
TO_COMPARE = {Kind.KANA, Kind.NAME, Kind.BORN, Kind.ADDRESS, Kind.DETAIL}
AT_STAGE: dict[str, set[Kind]] = {
    "ready": set(),
    "greeting": WHO,
    "later_greeting": WHO,
    "permit": WHO | {Kind.PHONE},
    "dialled": WHO | {Kind.PHONE},
    "unreached": {Kind.KANA},
    "connected": WHO,
    "identity": TO_COMPARE,
    "spare": TO_COMPARE | {Kind.CHILD},
    "guidance": {Kind.KANA, Kind.AMOUNT},
    "locked": set(),
    "question_beside_call": set(),
    "question": {Kind.QUESTION},
    "outcome": {Kind.KANA, Kind.AMOUNT, Kind.DRAFT},
    "refused": {Kind.KANA, Kind.AMOUNT, Kind.NOTE, Kind.PROMISED},
    "found_by_key": {Kind.KANA, Kind.KEY},
    "found_by_number": {Kind.KANA, Kind.PHONE},
    "inbound": WHO,
    "inbound_refused": {Kind.KANA},
}
# Others than the agent of a case: who may read what, on which page; nobody anything else.
TICKET = {Kind.NOTE, Kind.CONTACT, Kind.ANSWER}
ENTITLED: dict[tuple[str, str], set[Kind]] = {
    ("SV01", "escalations.show"): TICKET,
    ("SV02", "escalations.show"): TICKET,
    ("SV01", "ticket_by_supervisor"): TICKET,
    ("CF01", "escalations.show"): {Kind.NOTE, Kind.ANSWER},
    ("CF01", "ticket_by_officer"): {Kind.NOTE},
}
SHARED = {Kind.BORN, Kind.PROMISED, Kind.QUESTION}  # not one person's


@dataclass(frozen=True, slots=True)
class Finished:
    """The day that was worked, and everything that was written."""

    day: MarkedDay
    root: Path
    sinks: dict[str, Parts]
    cluster: Cluster | None

    @property
    def searcher(self) -> Searcher:
        return Searcher(self.day.marks.cores())


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def finished(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Finished]:
    """One day per database, on a server of its own: its log and its files are searched too."""
    root = tmp_path_factory.mktemp("marked")
    for name in ("database", "temp"):
        (root / name).mkdir()
    run, clock = open_run_folder(), FixedClock(ARRIVAL)
    try:
        with run.fresh_database(request.param, root / "database", migrated=True) as url:
            services = make_home(root / "home", url, clock)
            day = MarkedDay(services, clock, Marks.new())
            handler = log_setup.set_up(services.settings.logs, "serve")
            try:
                with (
                    output_kept(root / "output.txt"),
                    temporary_files_kept(root / "temp"),
                ):
                    day.run()
                cluster = run.cluster() if request.param == "postgresql" else None
                yield Finished(day, root, sinks_of(day, root, cluster), cluster)
            finally:
                log_setup.take_down(handler)
                services.store.engine.dispose()
    finally:
        run.close()


@pytest.mark.clause("T07", "S4-8.8b", "S4-16.1-1")
def test_no_marked_value_lies_in_anything_that_was_written(finished: Finished) -> None:
    hits = {name: finished.searcher.hits(parts) for name, parts in finished.sinks.items()}
    assert {name: found for name, found in hits.items() if found} == {}


def test_what_was_searched_is_what_the_day_wrote(finished: Finished) -> None:
    read = {
        name: b"".join(data for _place, data in parts) for name, parts in finished.sinks.items()
    }
    assert b"unexpected" in read["application log"]  # the page and the job that failed are there
    assert b"job_failed" in read["application log"]
    assert b"GET /desk" in read["addresses"]
    assert "架電".encode() in read["page titles"]
    assert b"no-store" in read["answer headers"]
    assert b"outcome:recorded" in read["audit export"]
    assert {"manifest.json", "checkpoint.txt"} <= {
        Path(place).name for place, _data in finished.sinks["exchange folder"]
    }
    assert b"A01-202209" in read["database files"]
    assert b"A01-202209" in read["database rows"]
    assert any(".sealed" in place for place, _data in finished.sinks["exchange folder"])
    for name in ("home", "key store", "sealed files"):
        assert len(read[name]) > 1000, name
    places = {Path(place).name for place, _data in finished.sinks["database files"]}
    wanted = {"server.log", "PG_VERSION"} if finished.cluster else {"dialer.db", "dialer.db-wal"}
    assert wanted <= places


@pytest.mark.clause("T07")
def test_each_of_the_forbidden_places_is_searched_or_is_not_there(finished: Finished) -> None:
    assert len(SEARCHED) + len(ABSENT) == 20
    unknown = {place for places in SEARCHED.values() for place in places} - set(finished.sinks)
    assert unknown == set()
    assert {name: look(finished.day) for name, look in ABSENT.items()} == dict.fromkeys(
        ABSENT, True
    )


@pytest.mark.clause("S4-8.8b")
def test_nobody_reads_a_value_without_a_need_for_it(finished: Finished) -> None:
    seen = [one for one in finished.day.exchanges if one.person != CASE_AGENT or not one.label]
    assert {one.person for one in seen} >= set(STAFF)
    too_much = {
        (one.person, one.label or one.path, kind.name)
        for one in seen
        for kind, _whose in finished.day.marks.find(one.text)
        if kind not in ENTITLED.get((one.person, one.label), set())
    }
    assert too_much == set()


def test_every_person_opened_every_page(finished: Finished) -> None:
    pages = {endpoint for endpoint, _path in finished.day.pages()}
    for code in STAFF:
        opened = {one.label for one in finished.day.exchanges if one.person == code}
        assert pages <= opened, code


def test_the_desk_shows_a_value_only_from_its_stage_on(finished: Finished) -> None:
    marks, seen = finished.day.marks, set()
    for one in finished.day.exchanges:
        if one.person != CASE_AGENT or one.label not in AT_STAGE:
            continue
        seen.add(one.label)
        found = marks.find(one.text)
        # Exactly these: what an entitled person needs was really shown (the other half of the proof).
        assert {kind for kind, _whose in found} == AT_STAGE[one.label], one.label
        assert len({whose for kind, whose in found if kind not in SHARED}) <= 1, one.label
    assert seen == set(AT_STAGE)


def test_the_entitled_read_the_ticket(finished: Finished) -> None:
    marks = finished.day.marks
    for (person, label), kinds in ENTITLED.items():
        pages = [
            one for one in finished.day.exchanges if (one.person, one.label) == (person, label)
        ]
        read = {kind for one in pages for kind, _whose in marks.find(one.text)}
        later = label == "escalations.show"
        assert read == kinds if later else read <= kinds and Kind.NOTE in read, (person, label)


def test_the_opened_daily_files_hold_what_the_city_is_owed(finished: Finished) -> None:
    marks = finished.day.marks
    whole = "\n".join(data.decode("cp932") for data in finished.day.clear_files.values())
    found = marks.find(whole)
    a01 = range(ROWS_OF["A01"])
    in_taisho = LENT - {Kind.CHILD, Kind.FACILITY, Kind.REMARK}
    assert {(kind, whose) for kind in in_taisho - {Kind.BORN} for whose in a01} <= found
    assert {Kind.NOTE, Kind.BORN, Kind.PROMISED} <= {kind for kind, _whose in found}


# The positive control.


def _written(encoding: str, value: str) -> bytes:
    """A value inside longer text, written by other means than the searcher's."""
    line = f"ア{value}、ほか。"
    match encoding:
        case "base64":
            return base64.encodebytes(line.encode()).replace(b"\n", b"")
        case "hex":
            return "".join(f"{byte:02x}" for byte in line.encode()).encode()
        case "escaped":
            return json.dumps({"text": line}).encode()
        case "euc-jp":
            return line.encode("euc_jp")
        case "utf-16le" | "utf-16be":
            return b"\xff" + line.encode(encoding)
        case _:
            return line.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_search_finds_every_value_in_every_encoding(encoding: str) -> None:
    marks = Marks.new()
    searcher = Searcher(marks.cores())
    for kind in Kind:
        for whose in range(8):
            data = b"\0before" + _written(encoding, marks.text(kind, whose)) + b"behind"
            assert searcher.hits([("planted", data)]), (kind.name, encoding)
    assert searcher.hits([("clean", Marks.new().text(Kind.NAME).encode())]) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_search_finds_a_value_planted_in_a_copy_of_each_place(
    finished: Finished, encoding: str
) -> None:
    planted = _written(encoding, finished.day.marks.text(Kind.NAME, 3))
    for name, parts in finished.sinks.items():
        copy = [*parts[:-1], (parts[-1][0], parts[-1][1] + planted)]
        assert [hit.place for hit in finished.searcher.hits(copy[-1:])] == [parts[-1][0]], name


def test_the_walk_over_files_finds_what_lies_in_a_home(finished: Finished, tmp_path: Path) -> None:
    home = finished.day.services.settings.home
    value = finished.day.marks.text(Kind.NAME, 3)
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    files = [path for path in copy.rglob("*") if path.is_file()]
    for path in files:
        path.chmod(0o600)
        path.write_bytes(path.read_bytes() + value.encode("cp932"))
    (copy / "spool").mkdir()
    (copy / "spool" / f"{value}.txt").touch()
    found = {hit.place for hit in finished.searcher.hits(files_in(copy))}
    assert found == {str(path.relative_to(copy)) for path in files} | {"file names"}


def test_the_search_finds_a_value_in_a_database_and_its_journal(
    finished: Finished, tmp_path: Path
) -> None:
    value = finished.day.marks.text(Kind.NOTE, 3)
    with closing(sqlite3.connect(tmp_path / "planted.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE notes (note TEXT)")
        database.execute("INSERT INTO notes VALUES (?)", (value,))
        database.commit()
        in_journal = {hit.place for hit in finished.searcher.hits(files_in(tmp_path))}
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        in_file = {hit.place for hit in finished.searcher.hits(files_in(tmp_path))}
    assert (in_journal, in_file) == ({"planted.db-wal"}, {"planted.db"})
    with finished.day.services.store.engine.connect() as connection, connection.begin() as change:
        connection.execute(text("UPDATE staff_member SET display_name = :value"), {"value": value})
        assert {hit.place for hit in finished.searcher.hits(rows_in(connection))} == {
            "table staff_member"
        }
        change.rollback()


def test_an_unnamed_temporary_file_is_searched_too(tmp_path: Path) -> None:
    marks = Marks.new()
    with temporary_files_kept(tmp_path):
        with tempfile.SpooledTemporaryFile(max_size=10) as spooled:
            spooled.write(marks.text(Kind.NAME).encode())
        with tempfile.TemporaryFile("w+b") as unnamed:
            unnamed.write(marks.text(Kind.KANA).encode())
    found = {hit.mark for hit in Searcher(marks.cores()).hits(files_in(tmp_path))}
    assert found == {"kanji", "kana"}
