"""担当グループ: who shares the cases of a receivable (S4-12.1c)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    CaseSelection,
    add_member,
    count_selected,
    current_profile,
    get_group,
    list_campaigns,
    list_groups,
    make_group,
    memberships,
    remove_member,
    retire_group,
)
from campaigns.errors import GroupCodeInvalid, GroupExists
from secure_store.access import Permission
from secure_store.people.staff import agents_of, list_staff
from secure_store.work import UnitOfWork
from webui.forms import case_sets as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.sentences import SENTENCES

blueprint = Blueprint("agent_groups", __name__)
INVALID = 422


@blueprint.get("/groups")
@permit(Permission.ASSIGN_CASES, readonly=True)
def index(work: UnitOfWork) -> str:
    """All groups, the active ones first, and the form for a new one."""
    return _index(work, {})


def _index(work: UnitOfWork, faults: Mapping[str, str]) -> str:
    profile = current_profile(work)
    return render_template(
        "groups/index.html",
        groups=list_groups(work),
        receivables=[one for one in profile.receivables if work.actor.sees(one.code)],
        names={one.code: one.name for one in profile.receivables},
        typed=request.form,
        faults=faults,
    )


@blueprint.post("/groups")
@permit(Permission.ASSIGN_CASES)
def make(work: UnitOfWork) -> Response | tuple[str, int]:
    """Makes an empty group."""
    receivables = {one.code for one in current_profile(work).receivables}
    try:
        entry = forms.read_group(request.form, receivables)
        made = make_group(work, entry.code, entry.name, entry.receivable)
    except FormRefused as refused:
        return _index(work, refused.sentences()), INVALID
    except (GroupCodeInvalid, GroupExists) as refusal:
        return _index(work, {"code": SENTENCES[refusal.code]}), INVALID
    flash(f"{made.code} {made.name} を作りました。続けて人を入れてください。")
    return redirect(url_for("agent_groups.show", code=made.code), 303)


@blueprint.get("/groups/<code>")
@permit(Permission.ASSIGN_CASES, readonly=True)
def show(work: UnitOfWork, code: str) -> str:
    """One group: its members, its open cases by campaign, who came and went."""
    return _show(work, code, {})


def _show(work: UnitOfWork, code: str, faults: Mapping[str, str]) -> str:
    group = get_group(work, code)
    held = CaseSelection(holder=code)
    campaigns = [
        (one.code, count_selected(work, one.code, held))
        for one in list_campaigns(work)
        if one.receivable == group.receivable and not one.is_erased
    ]
    eligible = agents_of(work, group.receivable) if group.is_active else []
    return render_template(
        "groups/show.html",
        group=group,
        receivable=current_profile(work).receivable(group.receivable),
        names={one.code: one.display_name for one in list_staff(work)},
        addable=[one for one in eligible if one.code not in group.members],
        campaigns=[(one, count) for one, count in campaigns if count],
        held=sum(count for _one, count in campaigns),
        history=memberships(work, code),
        faults=faults,
    )


@blueprint.post("/groups/<code>/members")
@permit(Permission.ASSIGN_CASES)
def change_members(work: UnitOfWork, code: str) -> Response | tuple[str, int]:
    """Takes one person in or out."""
    group = get_group(work, code)
    staff_code = request.form.get("remove", "")
    if staff_code:
        if remove_member(work, code, staff_code):
            flash(
                f"{staff_code} を {code} から外しました。手元の案件は、結果を入れるまでそのままです。"
            )
        return redirect(url_for("agent_groups.show", code=code), 303)
    staff_code = request.form.get("add", "")
    if staff_code not in {one.code for one in agents_of(work, group.receivable)}:
        return _show(work, code, {"add": "入れる人を一覧から選んでください。"}), INVALID
    if add_member(work, code, staff_code):
        flash(f"{staff_code} を {code} に入れました。")
    return redirect(url_for("agent_groups.show", code=code), 303)


@blueprint.post("/groups/<code>/retire")
@permit(Permission.ASSIGN_CASES)
def retire(work: UnitOfWork, code: str) -> Response:
    """Ends the group; its open cases are nobody's."""
    freed = retire_group(work, code)
    flash(f"{code} を廃止しました。{freed:,}件が担当なしに戻りました。")
    return redirect(url_for("agent_groups.index"), 303)
