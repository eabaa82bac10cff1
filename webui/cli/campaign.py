"""``dialer campaign open|list``."""

from __future__ import annotations

from campaigns.api import CampaignPlan, CampaignView, list_campaigns, open_campaign
from secure_store.access import Permission
from webui.cli.arguments import Commands, command, day, days, month, noun
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "campaign", "架電期間")
    parser = command(verbs, "open", open_one, "架電期間を開く")
    parser.add_argument("--receivable", required=True, metavar="A01", help="債権")
    parser.add_argument("--month", required=True, type=month, metavar="2022-09", help="月")
    parser.add_argument(
        "--calls", required=True, type=days, metavar="FROM..UNTIL", help="架電する日"
    )
    parser.add_argument(
        "--callbacks-until", required=True, type=day, metavar="DAY", help="折返しを受ける最後の日"
    )
    command(verbs, "list", list_all, "架電期間の一覧")


def open_one(context: Context) -> Answer:
    """Opens one receivable's campaign of one month (S4-7.1, S4-7.2a-1)."""
    given = context.given
    plan = CampaignPlan(
        receivable=given.receivable.strip().upper(),
        month=given.month,
        calls_from=given.calls[0],
        calls_until=given.calls[1],
        callbacks_until=given.callbacks_until,
    )
    with context.work(Permission.MANAGE_CAMPAIGNS) as work:
        view = open_campaign(work, plan)
    return Answer(_document(view), (f"{view.code} を開きました。",))


def list_all(context: Context) -> Answer:
    """The campaigns of this person's receivables, newest first."""
    with context.work(Permission.SEE_CASE_LISTS, readonly=True) as work:
        views = list_campaigns(work)
    lines = tuple(
        f"{view.code}  {view.calls_from}–{view.calls_until}（折返し {view.callbacks_until}）"
        for view in views
    )
    return Answer({"campaigns": [_document(view) for view in views]}, lines)


def _document(view: CampaignView) -> dict[str, object]:
    return {
        "campaign": view.code,
        "receivable": view.receivable,
        "month": f"{view.month:%Y-%m}",
        "calls_from": view.calls_from,
        "calls_until": view.calls_until,
        "callbacks_until": view.callbacks_until,
        "is_erased": view.is_erased,
    }
