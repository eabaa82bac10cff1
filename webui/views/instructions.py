"""個別業務指示書: what holds for each receivable, what is to come, and how it came about (S4-8.6b)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from campaigns.api import (
    CallingRules,
    InstructionView,
    approve_instruction,
    calling_rules,
    current_profile,
    enter_instruction,
    get_instruction,
    instruction_history,
    instructions_overview,
    rules_before,
)
from campaigns.errors import InstructionInvalid
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require_receivable
from secure_store.work import UnitOfWork
from webui.formatters import day_text
from webui.forms import instructions as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.words import instructions as words
from webui.words.desk import IDENTITY_LABELS

blueprint = Blueprint("instructions", __name__)
INVALID = 422
VERSION = "int(min=1, max=2147483647):version"
Refused = tuple[str, int]


@blueprint.get("/instructions")
@permit(Permission.ENTER_INSTRUCTIONS, readonly=True)
def index(work: UnitOfWork) -> str:
    """Every receivable with what is in force and what is coming."""
    return render_template(
        "instructions/index.html", lines=instructions_overview(work), words=words
    )


@blueprint.get("/instructions/<receivable>")
@permit(Permission.ENTER_INSTRUCTIONS, readonly=True)
def receivable(work: UnitOfWork, receivable: str) -> str:
    """The rules of one receivable as they stand, and its versions."""
    history = instruction_history(work, receivable)
    rules = calling_rules(work, receivable)
    view = next((one for one in history if one.version == rules.version), None)
    return _page(work, receivable, view, rules, {}, {})


@blueprint.get(f"/instructions/<receivable>/<{VERSION}>")
@permit(Permission.ENTER_INSTRUCTIONS, readonly=True)
def show(work: UnitOfWork, receivable: str, version: int) -> str:
    """One version, with what it changes."""
    view = get_instruction(work, receivable, version)
    return _page(work, receivable, view, view.rules, {}, {})


def _page(
    work: UnitOfWork,
    code: str,
    view: InstructionView | None,
    rules: CallingRules,
    faults: Mapping[str, str],
    typed: Mapping[str, str],
) -> str:
    before = rules_before(work, view) if view else rules
    return render_template(
        "instructions/show.html",
        known=current_profile(work).receivable(code),
        view=view,
        groups=words.instruction_groups(rules),
        before=words.changed_keys(before, rules),
        before_version=before.version,
        history=instruction_history(work, code),
        today=business_day(work.now),
        faults=faults,
        typed=typed,
        words=words,
    )


@blueprint.get("/instructions/<receivable>/new")
@permit(Permission.ENTER_INSTRUCTIONS, readonly=True)
def new(work: UnitOfWork, receivable: str) -> str:
    """The form, filled with what holds now."""
    require_receivable(work.actor, receivable)
    rules = calling_rules(work, receivable)
    return _form(work, receivable, forms.typed_of(rules), forms.picked_of(rules), {})


def _form(
    work: UnitOfWork,
    code: str,
    typed: Mapping[str, str],
    picked: Mapping[str, list[str]],
    faults: Mapping[str, str],
) -> str:
    return render_template(
        "instructions/new.html",
        known=current_profile(work).receivable(code),
        typed=typed,
        picked=picked,
        faults=faults,
        today=business_day(work.now),
        words=words,
        identity=[(item.value, label) for item, label in IDENTITY_LABELS.items()],
    )


@blueprint.post("/instructions/<receivable>")
@permit(Permission.ENTER_INSTRUCTIONS)
def create(work: UnitOfWork, receivable: str) -> Response | Refused:
    """Stores a draft; nothing changes for calls before it is approved."""
    sent: MultiDict[str, str] = request.form
    picked = {name: sent.getlist(name) for name in ("right_party", "identity_items")}
    try:
        sheet, first = forms.read_instruction(sent, picked, receivable)
        view = enter_instruction(work, sheet, first)
    except forms.FieldsRefused as refused:
        return _form(work, receivable, sent, picked, refused.sentences), INVALID
    except InstructionInvalid as refused:
        faults = forms.sentences_of(refused.details["faults"])
        return _form(work, receivable, sent, picked, faults), INVALID
    flash(f"第{view.version}版を入れました。市の承認文書を入れると、使えるようになります。")
    return _to(view)


@blueprint.post(f"/instructions/<receivable>/<{VERSION}>/approve")
@permit(Permission.ENTER_INSTRUCTIONS)
def approve(work: UnitOfWork, receivable: str, version: int) -> Response | Refused:
    """Notes the city's approval by the number of its document."""
    try:
        number = forms.read_approval(request.form)
    except FormRefused as refused:
        view = get_instruction(work, receivable, version)
        return _page(work, receivable, view, view.rules, refused.sentences(), request.form), INVALID
    view = approve_instruction(work, receivable, version, number)
    flash(f"第{version}版の承認を入れました。{day_text(view.effective_from)}から使います。")
    return _to(view)


def _to(view: InstructionView) -> Response:
    address = url_for("instructions.show", receivable=view.receivable, version=view.version)
    return redirect(address, 303)
