"""Forms of the escalation screen: whom was told, and what the department answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.api import TextFault
from webui.words.tickets import ANSWER_WORDS, TEXT_FAULTS

PERSON_LONGEST = 20  # 電話連絡済（相手）of the escalation list (domain: 2.3c)
ANSWER_LONGEST = 200  # 備考 of the same list
RESUME = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class ContactForm:
    """Who in the department was told."""

    person: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What the department answered; ``result`` 1 to 6, ``resume`` whether calls go on."""

    result: int | None
    resume: bool | None
    text: str
    result_error: str = ""
    resume_error: str = ""
    text_error: str = ""

    @property
    def is_good(self) -> bool:
        """May it be entered?"""
        return not (self.result_error or self.resume_error or self.text_error)


def one_line(text: str) -> str:
    """Line breaks become spaces: the list that goes out has one line per ticket."""
    return " ".join(text.split())


def read_contact(form: Mapping[str, str]) -> ContactForm:
    """The person told; empty is a fault beside the field (S4-12.1i)."""
    person = one_line(form.get("person", ""))
    return ContactForm(person, "" if person else "連絡した相手がまだです。例：子ども係 係長")


def read_answer(form: Mapping[str, str]) -> AnswerForm:
    """The answer as typed, with a fault beside each field that lacks something."""
    typed = form.get("result", "")
    result = int(typed) if typed.isascii() and typed.isdigit() else None
    resume = RESUME.get(form.get("resume", ""))
    return AnswerForm(
        result=result if result in ANSWER_WORDS else None,
        resume=resume,
        text=one_line(form.get("text", "")),
        result_error="" if result in ANSWER_WORDS else "対応の結果を選んでください。",
        resume_error="" if resume is not None else "このあとの電話を選んでください。",
    )


def fault_sentence(fault: TextFault | None, longest: int) -> str:
    """The sentence of a text fault, empty when there is none."""
    if fault is None:
        return ""
    return TEXT_FAULTS[fault.kind].format(position=fault.position, longest=longest)
