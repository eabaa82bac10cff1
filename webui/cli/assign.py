"""``dialer assign``: a supervisor shares the open cases of a campaign out (S4-12.1c)."""

from __future__ import annotations

from campaigns.api import get_campaign, share_out
from secure_store.access import Permission
from webui.cli.arguments import Commands, codes, command
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    parser = command(commands, "assign", share, "まだ担当のない案件を順に割り当てる")
    parser.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")
    parser.add_argument(
        "--agents", required=True, type=codes, metavar="OP01,OP02", help="割り当てる人"
    )


def share(context: Context) -> Answer:
    """Deals the unassigned open cases to the named agents in turn."""
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        campaign = get_campaign(work, given.campaign)
        shares = share_out(work, campaign.code, given.agents)
    lines = tuple(f"{agent}: {count:,} 件" for agent, count in shares.items())
    return Answer({"campaign": campaign.code, "assigned": shares}, lines)
