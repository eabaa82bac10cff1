"""The agent's calls of the marked day, each page kept under the name of its stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.leaks.person import Exchange, Person
from tests.leaks.planting import ROWS_OF, Kind, Mark
from webui.rehearsal.persons import REHEARSAL_PASSWORD

if TYPE_CHECKING:
    from tests.leaks.marked_day import MarkedDay

HANDLING = re.compile(r'name="handling" value="([^"]+)"')
PERIOD = re.compile(r'name="promised_periods"[^>]*value="([^"]+)"')
MATCHES = {"verdict-name": "match", "verdict-birth_date": "match", "verdict-address": "match"}


class Desk:
    """OP01's desk with one case in hand; ``whose`` is the person it is about."""

    def __init__(self, day: MarkedDay, agent: Person) -> None:
        self.day = day
        self.agent = agent
        self.handling = ""
        self.whose = -1

    def page(self, label: str, at: str = "") -> Exchange:
        """The desk as it stands, kept under this label."""
        return self.agent.get("/desk" + (f"?at={at}" if at else ""), label=label)

    def act(self, path: str, status: int = 303, label: str = "", **fields: str) -> Exchange:
        return self.agent.post(path, {"handling": self.handling, **fields}, status, label)

    def greet(self, label: str = "greeting") -> None:
        """Reads off the page which case it is."""
        shown = self.page(label)
        found = HANDLING.search(shown.text)
        assert found, shown.text[-2000:]
        self.handling = found[1]
        (self.whose,) = {whose for kind, whose in self._marks(shown) if kind is Kind.KANA}

    def _marks(self, shown: Exchange) -> set[Mark]:
        return self.day.marks.find(shown.text)

    def dial(self) -> None:
        self.act("/desk/permit")
        self.page("permit")
        self.act("/desk/compared")
        self.page("dialled")
        self.day.pass_time(20)

    def connect(self) -> None:
        self.dial()
        self.act("/desk/line", line="connected")
        self.page("connected")

    def identify(self, *, with_slip: bool = False) -> None:
        self.act("/desk/identity")
        self.page("identity")
        if with_slip:
            self.act("/desk/identity/items", **{**MATCHES, "verdict-address": "differs"})
            self.page("spare")
            self.act("/desk/identity/items", **{"verdict-child_name": "match"})
        else:
            self.act("/desk/identity/items", **MATCHES)
        self.act("/desk/identity/finish")
        self.page("guidance")

    def record(self, code: str, **fields: str) -> None:
        self.day.pass_time(30)
        self.act("/desk/outcome", outcome=code, **fields)


def work_the_desk(day: MarkedDay) -> None:
    """Every way a marked value can come into the system or onto a page."""
    agent = day.person("OP01")
    agent.get("/desk", label="ready")
    agent.post("/desk/next")
    desk = Desk(day, agent)
    _not_answered(desk)
    _promised(desk)
    _asks(desk)
    _says_paid(desk)
    first = min(set(range(ROWS_OF["A01"])) - {desk.whose})
    desk.greet()
    desk.act("/desk/put-back")
    _rings_back(desk, first)
    _tickets(day)


def _not_answered(desk: Desk) -> None:
    desk.greet()
    desk.dial()
    desk.act("/desk/line", line_code="11")
    desk.page("unreached", at="outcome")
    desk.record("11")


def _promised(desk: Desk) -> None:
    day, marks = desk.day, desk.day.marks
    desk.greet()
    desk.connect()
    desk.identify(with_slip=True)
    _everybody_looks(desk)
    _locked(desk)
    question = marks.text(Kind.QUESTION)
    desk.act("/desk/qa/found", 200, "question_beside_call", text=question)
    desk.agent.post("/desk/qa", {"receivable": "A01", "text": question}, 200, "question")
    desk.act("/desk/to-outcome")
    typed = {"outcome": "51", "note": marks.text(Kind.DRAFT, desk.whose)}
    desk.act("/desk/draft", 200, **typed)
    shown = desk.page("outcome", at="outcome")
    period = PERIOD.search(shown.text)
    assert period, shown.text[-2500:]
    note = f"{marks.text(Kind.NOTE, desk.whose)}　来週納めるとのこと。"
    fields = {
        "promised_on": "9/20",
        "promised_yen": marks.text(Kind.PROMISED),
        "payment_method": "1",
        "periods_shown": "1",
        "promised_periods": period[1],
    }
    # A letter the campaign's encoding lacks is refused; the page comes back with what was typed.
    desk.act("/desk/outcome", 422, "refused", outcome="51", note=f"{note}𠮷", **fields)
    desk.record("51", note=note, **fields)
    day.pass_time(10)


def _asks(desk: Desk) -> None:
    desk.greet("later_greeting")
    desk.connect()
    desk.identify()
    note = desk.day.marks.text(Kind.NOTE, desk.whose)
    desk.record("63", note=f"{note}　内訳の説明を希望。")


def _says_paid(desk: Desk) -> None:
    marks = desk.day.marks
    desk.greet("later_greeting")
    desk.connect()
    desk.identify()
    desk.record(
        "54",
        paid_on="9/12",
        paid_yen=marks.text(Kind.AMOUNT, desk.whose),
        paid_where=marks.text(Kind.PAID_WHERE, desk.whose),
        note=f"{marks.text(Kind.NOTE, desk.whose)}　窓口で納めたとのこと。",
    )


def _rings_back(desk: Desk, whose: int) -> None:
    """Somebody is searched by number and by key, answered, and refuses to say who it is."""
    marks, agent = desk.day.marks, desk.agent
    key = {"receivable": "A01", "key": marks.text(Kind.KEY, whose)}
    agent.post("/callbacks", key, 200, "found_by_key")
    phone = marks.text(Kind.PHONE, whose)
    number = {"receivable": "A01", "number": f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"}
    found = agent.post("/callbacks", number, 200, "found_by_number")
    case = re.search(r'name="case" value="([^"]+)"', found.text)
    assert case, found.text[-2500:]
    agent.post("/callbacks/answer", {"case": case[1]})
    desk.greet("inbound")
    assert desk.whose == whose
    desk.act("/desk/identity")
    desk.act("/desk/identity/finish", verdict="refused")
    desk.page("inbound_refused", at="outcome")
    desk.record("82", follow_up_day="9/16", follow_up_time="18:30")


def _everybody_looks(desk: Desk) -> None:
    """While a case is open as far as it can be, all others open every page and try to reach it."""
    day = desk.day
    for code in day.persons:
        if code != desk.agent.code:
            day.open_everything(code)
    for code in ("OP02", "OP03", "SV01"):
        other = day.person(code)
        handling = {"handling": desk.handling}
        for act in ("identity", "identity/finish", "permit", "to-outcome", "line"):
            other.post(f"/desk/{act}", handling)
            other.get("/desk")
        other.post("/desk/outcome/fields", {**handling, "outcome": "51"}, 404)
    case = {"case": day.case_of("A01")}
    day.person("OP02").post("/callbacks/answer", case, 404)  # never found by a search of hers
    day.person("OP02").get("/desk")


def _locked(desk: Desk) -> None:
    agent = desk.agent
    agent.post("/lock", status=204)
    agent.get("/desk", 423, "locked")
    agent.get("/desk?at=outcome", 423, "locked")
    agent.get("/lock", label="locked")
    wrong = desk.day.marks.text(Kind.SECRET)
    agent.post("/unlock", {"password": wrong}, 401, "locked")
    agent.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)
    desk.page("guidance")


def _tickets(day: MarkedDay) -> None:
    """The supervisor tells the department, whose officer answers; others may do neither."""
    boss, officer, marks = day.person("SV01"), day.person("CF01"), day.marks
    for ticket in day.tickets():
        at = f"/escalations/{ticket.id}"
        boss.get(at, label="ticket_by_supervisor")
        boss.post(f"{at}/acknowledge")
        boss.post(f"{at}/contact", {"person": marks.text(Kind.CONTACT)})
        answer = {"result": "1", "resume": "no", "text": marks.text(Kind.ANSWER)}
        day.person("CF02").post(f"{at}/answer", answer, 404)
        officer.get(at, label="ticket_by_officer")
        officer.post(f"{at}/answer", answer)
        boss.post(f"{at}/close")
