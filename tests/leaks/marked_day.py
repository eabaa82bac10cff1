"""A whole day over HTTP with marked values: ten persons sign in, work, look, and are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from flask import Flask

from campaigns import api as campaigns
from scripts_talk.api import approve_samples, documents, install_samples
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.people.staff import NewStaff, add_staff
from tests.fixtures_lent import Draft
from tests.leaks.marked_calls import work_the_desk
from tests.leaks.person import Exchange, Person
from tests.leaks.planting import FIRST_OF, ROWS_OF, Kind, Marks, marked_delivery
from webui.app import create_app
from webui.edge import PACE
from webui.import_jobs import ImportJobs
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.rehearsal.sample_notices import SamplePayment, make_notice
from webui.runtime import serve
from webui.runtime.scheduler import MINUTE, Job, Scheduler, every
from webui.runtime.serve import port_of
from webui.services import Services
from webui.views.imports import JOBS

ARRIVAL = datetime.fromisoformat("2022-09-13T10:00:00+09:00")
NOON = datetime.fromisoformat("2022-09-15T11:30:00+09:00")
EVENING = datetime.fromisoformat("2022-09-15T20:50:00+09:00")
DAY, MONTH, ENTERED = date(2022, 9, 15), date(2022, 9, 1), date(2022, 6, 1)
FOUNDER = Actor("init", Role.SYSTEM_ADMIN, rehearsal=True)
SV = Actor("SV01", Role.SUPERVISOR, rehearsal=True)
CASE_AGENT = "OP01"
STAFF: dict[str, tuple[Role, tuple[str, ...]]] = {
    "SV01": (Role.SUPERVISOR, ()),
    "SV02": (Role.SUPERVISOR, ()),
    "OP01": (Role.AGENT, ("A01",)),
    "OP02": (Role.AGENT, ("A02",)),  # has cases of the other receivable
    "OP03": (Role.AGENT, ("A01",)),  # granted, but has no case
    "CF01": (Role.DEPARTMENT_OFFICER, ("A01",)),
    "CF02": (Role.DEPARTMENT_OFFICER, ("A02",)),
    "AD01": (Role.SYSTEM_ADMIN, ()),
    "AU01": (Role.AUDITOR, ()),
    "VF01": (Role.VERIFIER, ()),
}
BIG = 700_000  # bytes: more than any layer keeps in memory by itself


@dataclass(slots=True)
class MarkedDay:
    """The home, the served application and everything that went over the wire."""

    services: Services
    clock: FixedClock
    marks: Marks
    exchanges: list[Exchange] = field(default_factory=list, repr=False)
    persons: dict[str, Person] = field(default_factory=dict, repr=False)
    drafts: dict[str, Draft] = field(default_factory=dict, repr=False)
    clear_files: dict[str, bytes] = field(default_factory=dict, repr=False)
    list_id: str = ""
    notice_id: str = ""
    server: Any = field(default=None, repr=False)
    app: Flask = field(default=None, repr=False)  # type: ignore[assignment]  # before it is served

    def run(self) -> None:
        """From the empty home to the confirmed files."""
        self._found()
        with patch.object(serve, "create_app", self._create_app):
            self.server = serve.make_server(self.services)
        thread = Thread(target=self.server.run, name="served")
        thread.start()
        try:
            self._arrival()
            self._noon()
            self._evening()
        finally:
            for person in self.persons.values():
                person.connection.close()
            # Closed from its own loop, which would else be waiting on a closed handle.
            self.server.trigger.pull_trigger(self.server.close)
            thread.join(20)
            self.server.task_dispatcher.shutdown()

    def _create_app(self, services: Services) -> Flask:
        """The application as it is served, kept in reach."""
        self.app = create_app(services)
        self.app.extensions[PACE].is_on = False  # it presses faster than people
        # Taken in at once: the page that waits has nothing to wait for.
        self.app.extensions[JOBS] = ImportJobs(start=lambda run: run())
        return self.app

    def person(self, code: str) -> Person:
        return self.persons[code]

    def tickets(self) -> list[campaigns.TicketView]:
        with self.services.store.work(SV) as work:
            return campaigns.list_tickets(work, include_closed=True)

    def case_of(self, receivable: str) -> str:
        with self.services.store.work(SV) as work:
            page = campaigns.list_cases(work, f"{receivable}-202209", campaigns.ListFilter())
        return str(page[0].id)

    def documents(self) -> list[Any]:
        with self.services.store.work(SV) as work:
            return [one.id for one in documents(work, "A01")]

    def _found(self) -> None:
        self.clock.set(ARRIVAL)
        with self.services.store.work(FOUNDER) as work:
            for code, (role, granted) in STAFF.items():
                days = (ENTERED, ENTERED, ENTERED)
                new = NewStaff(code, f"見本 {code}", role, granted, *days, role is Role.SUPERVISOR)
                add_staff(work, new, REHEARSAL_PASSWORD)
            profile = campaigns.current_profile(work)
            install_samples(work, ["A01", "A02"])
            approve_samples(work, ["A01", "A02"], "訓練第1号", profile.self_name)
        with self.services.store.work(SV) as work:
            table = campaigns.write_outcome_table(campaigns.sample_table())
            campaigns.import_table(work, table, date(2022, 7, 1))

    def _sign_in(self, codes: Sequence[str]) -> None:
        for code in codes:
            person = Person(code, port_of(self.server), self.exchanges)
            old = self.persons.get(code)
            if old:
                old.connection.close()
            self.persons[code] = person
            person.log_in(code, REHEARSAL_PASSWORD)

    def _arrival(self) -> None:
        """SV01 opens the campaigns, hands the deliveries in, publishes, shares out."""
        self._sign_in(["SV01"])
        boss = self.person("SV01")
        for receivable, agent in (("A01", "OP01"), ("A02", "OP02")):
            code = f"{receivable}-202209"
            plan = {"receivable": receivable, "month": "2022-09", "calls_from": "2022-09-15"}
            plan |= {"calls_until": "2022-09-30", "callbacks_until": "2022-10-07"}
            boss.post("/campaigns", plan)
            made = marked_delivery(self.marks, receivable)
            self.drafts[receivable] = made
            files = made.files()
            spoilt = {n: data * (BIG // len(data) + 1) for n, data in list(files.items())[:1]}
            for sent in ({**files, **spoilt}, files):
                boss.upload("/imports", {"campaign": code}, sent)
                waiting = boss.get(boss.location)
            self.list_id = waiting.location.rpartition("/")[2]
            boss.post(f"/imports/{self.list_id}/publish")
            boss.post(f"/assignments/{code}/share", {"agents": agent})
        boss.post("/logout")

    def _noon(self) -> None:
        self.clock.set(NOON)
        self._mistyped()
        self._sign_in(list(STAFF))
        self.person("SV01").post("/board/duty", {"act": "begin"})
        work_the_desk(self)
        self._notices()
        self._faults()

    def _notices(self) -> None:
        """The city tells of the last person's payment: once with a fault, once soundly."""
        boss, whose = self.person("SV01"), FIRST_OF["A01"] + ROWS_OF["A01"] - 1
        key, yen = self.marks.text(Kind.KEY, whose), int(self.marks.text(Kind.AMOUNT, whose))
        sound = SamplePayment(key=key, paid_on=DAY, yen=yen)
        for entries, status in (([sound, sound], 422), ([sound], 303)):
            told = make_notice("A01", MONTH, entries, as_of=DAY)
            boss.upload("/notices", {"campaign": "A01-202209"}, told.files, status)
        place = boss.location
        self.notice_id = place.rpartition("/")[2]
        boss.get(place)
        boss.post(f"{place}/apply")

    def _mistyped(self) -> None:
        """Passwords where they do not belong: typed wrongly, and in the field of the code."""
        somebody = Person("nobody", port_of(self.server), self.exchanges)
        secret = self.marks.text(Kind.SECRET)
        somebody.log_in("OP01", secret, status=401)
        somebody.log_in(secret, secret, status=401)
        somebody.connection.close()

    def _faults(self) -> None:
        """A page and a job fail with a person's values in the text of their exceptions."""
        texts = " ".join(self.marks.text(kind) for kind in Kind)

        def fail(*_given: object) -> Any:
            raise RuntimeError(texts)

        kept = self.app.view_functions["agent_desk.results"]
        self.app.view_functions["agent_desk.results"] = fail
        self.person("OP01").get("/desk/results", status=500)
        # An answer longer than any layer keeps in memory by itself.
        self.app.view_functions["agent_desk.results"] = lambda: texts * (3 * BIG // len(texts))
        self.person("OP01").get("/desk/results", label="big")
        self.app.view_functions["agent_desk.results"] = kept
        Scheduler(self.services.store, [Job("failing", every(MINUTE), fail)]).ring()

    def _evening(self) -> None:
        store = self.services.store
        self.clock.set(EVENING)
        ran = Scheduler(store).ring()
        assert "close_of_day" in {one.job for one in ran}
        assert {one.error_code for one in ran} == {None}
        with store.work(SV) as work:
            campaigns.sign_files(work, DAY)
        campaigns.place_files(store, SV, DAY)
        with store.work(SV) as work:
            campaigns.confirm_upload(work, DAY, "R-1")
            names = [file.name for file in campaigns.get_day(work, DAY).files]
        for name in names:
            with store.work(SV) as work:
                self.clear_files[name] = campaigns.read_file(work, DAY, name)
        self._sign_in(list(STAFF))
        for code in STAFF:
            self.open_everything(code)
            self.person(code).post("/logout")

    def open_everything(self, code: str) -> None:
        """Every page of the map, whether this person may see it or not."""
        person = self.person(code)
        for endpoint, path in self.pages():
            person.get(path, status=None, label=endpoint)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Endpoints and addresses of all pages, with ids that exist."""
        map_of_pages = self.app.url_map.bind("127.0.0.1")
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            for values in self._values(rule.endpoint, sorted(rule.arguments)):
                yield rule.endpoint, map_of_pages.build(rule.endpoint, values)

    def _values(self, endpoint: str, names: Sequence[str]) -> list[dict[str, Any]]:
        known: dict[str, Callable[[], list[Any]]] = {
            "code": lambda: (
                ["OP01"] if endpoint.startswith("staff.") else ["A01-202209", "A02-202209"]
            ),
            "case_id": lambda: [self.case_of("A01"), self.case_of("A02")],
            "ticket_id": lambda: [one.id for one in self.tickets()],
            "list_id": lambda: [self.list_id],
            "notice_id": lambda: [self.notice_id],
            "receivable": lambda: ["A01"],
            "document_id": self.documents,
            "version": lambda: [1],
            "day": lambda: [DAY.isoformat()],
            "name": lambda: sorted(self.clear_files) or ["NIPPO_20220915_01.csv"],
            "number": lambda: [1],
        }
        rows: list[dict[str, Any]] = [{}]
        for name in names:
            # An id of something the day does not have leads to the page that says so.
            found = known.get(name, lambda: [uuid4()])()
            rows = [{**row, name: value} for row in rows for value in found]
        return rows

    def pass_time(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))
