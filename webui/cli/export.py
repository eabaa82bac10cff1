"""``dialer export approve|list|end``: the city's approvals, and what left under them (S4-8.6-1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from campaigns.api import CityPaper, current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.exchange.exchange_errors import ExportApprovalInvalid
from secure_store.exchange.exports import (
    ApprovalView,
    NewApproval,
    end_approval,
    enter_approval,
    list_approvals,
    list_runs,
)
from webui.cli.arguments import Commands, command, days, noun
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "export", "書出しの承認と記録")
    approving = command(verbs, "approve", approve, "市の承認を入れる")
    approving.add_argument("--document", required=True, metavar="NO", help="市の文書の番号")
    approving.add_argument("--signer", required=True, metavar="POST", help="決裁した職")
    approving.add_argument("--purpose", required=True, metavar="CODE", help="目的")
    approving.add_argument("--place", required=True, metavar="CODE", help="持出先")
    approving.add_argument("--receivable", metavar="A01", help="債権（既定は契約全体）")
    approving.add_argument("--days", required=True, type=days, metavar="FROM..UNTIL", help="期間")
    command(verbs, "list", show, "承認と書き出した記録を見る")
    ending = command(verbs, "end", end, "承認を終える")
    ending.add_argument("approval", type=UUID, metavar="ID", help="承認の番号")


def approve(context: Context) -> Answer:
    """Enters the city's approval; the lists of the profile say what can be approved."""
    given = context.given
    with context.work(Permission.EXPORT_DATA) as work:
        if not CityPaper(given.document, given.signer, business_day(work.now)).names_a_post:
            raise ExportApprovalInvalid(field="signer")
        rules = current_profile(work).exchange
        first, last = given.days
        new = NewApproval(
            given.document, given.signer, given.purpose, given.place, given.receivable, first, last
        )
        view = enter_approval(work, new, rules.purposes.keys(), rules.take_out_places.keys())
    return Answer(_document(view), (f"承認を入れました。番号 {view.id}",))


def show(context: Context) -> Answer:
    """Approvals, and every export."""
    with context.work(Permission.EXPORT_DATA, readonly=True) as work:
        approvals, runs = list_approvals(work), list_runs(work)
    told = [
        {
            "document": one.document_no,
            "purpose": one.purpose,
            "place": one.place,
            "what": one.what,
            "files": one.files,
            "digest": one.digest,
            "at": one.at,
            "by": one.by,
        }
        for one in runs
    ]
    lines = [
        f"{one.id}  {one.document_no}  {one.purpose}  {one.valid_from}..{one.valid_until}"
        for one in approvals
    ]
    lines += [
        f"{one.at:%Y-%m-%d %H:%M}  {one.by}  {one.what}  {one.files} ファイル" for one in runs
    ]
    document = {"approvals": [_document(one) for one in approvals], "runs": told}
    return Answer(document, tuple(lines or ["承認はまだありません。"]))


def end(context: Context) -> Answer:
    """Takes an approval out of force."""
    with context.work(Permission.EXPORT_DATA) as work:
        end_approval(work, context.given.approval)
    return Answer({"ended": context.given.approval}, ("承認を終えました。",))


def _document(view: ApprovalView) -> dict[str, Any]:
    return {
        "approval": view.id,
        "document": view.document_no,
        "purpose": view.purpose,
        "place": view.place,
        "receivable": view.receivable,
        "valid_from": view.valid_from,
        "valid_until": view.valid_until,
        "ended_at": view.ended_at,
        "runs": view.runs,
    }
