"""``dialer assign``: deals cases to agents and groups in turn, or evens out what they have."""

from __future__ import annotations

from campaigns.api import get_campaign, rebalance, share_out
from secure_store.access import Permission
from webui.cli.arguments import Commands, codes, command
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    parser = command(commands, "assign", assign, "まだ担当のない案件を順に割り当てる")
    parser.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")
    parser.add_argument(
        "--agents", required=True, type=codes, metavar="OP01,G01", help="割り当てる人とグループ"
    )
    parser.add_argument(
        "--rebalance", action="store_true", help="割り当てずに、この人たちの件数をならす"
    )
    parser.add_argument(
        "--with-agreed", action="store_true", help="ならすとき、約束のある案件も動かす"
    )


def assign(context: Context) -> Answer:
    """Deals the unassigned open cases in turn, or evens out the cases of the named holders."""
    return _even_out(context) if context.given.rebalance else _share(context)


def _share(context: Context) -> Answer:
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        campaign = get_campaign(work, given.campaign)
        shares = share_out(work, campaign.code, given.agents)
    lines = tuple(f"{holder}: {count:,} 件" for holder, count in shares.items())
    return Answer({"campaign": campaign.code, "assigned": shares}, lines)


def _even_out(context: Context) -> Answer:
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        campaign = get_campaign(work, given.campaign)
        done = rebalance(work, campaign.code, given.agents, with_agreed=given.with_agreed)
    document = {
        "campaign": campaign.code,
        "moved": done.moving,
        "open_cases": {share.code: share.after for share in done.shares},
    }
    lines = tuple(
        f"{share.code}: {share.before:,} 件 → {share.after:,} 件" for share in done.shares
    )
    return Answer(document, (*lines, f"{done.moving:,} 件を移しました。"))
