"""``dialer list show``: a call list as ids, states and counts; nothing sealed is opened."""

from __future__ import annotations

from campaigns.api import (
    CampaignNumbers,
    CaseLine,
    CaseStatus,
    ListFilter,
    campaign_numbers,
    list_cases,
)
from secure_store.access import Permission
from webui.cli.arguments import Commands, command, noun
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.words.cases import STATUS_WORDS


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "list", "架電リスト")
    parser = command(verbs, "show", show, "件数と案件の状態を見る")
    parser.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")
    parser.add_argument("--status", type=CaseStatus, choices=list(CaseStatus), help="状態で絞る")
    parser.add_argument("--assignee", metavar="CODE", help="担当で絞る（- は担当なし）")
    parser.add_argument("--after", type=int, default=0, metavar="ROW", help="この行の次から")


def show(context: Context) -> Answer:
    """The numbers of a campaign and one page of its cases."""
    given = context.given
    wanted = ListFilter(given.status, given.assignee, given.after)
    with context.work(Permission.SEE_CASE_LISTS, readonly=True) as work:
        numbers = campaign_numbers(work, given.campaign)
        cases = list_cases(work, given.campaign, wanted)
    document = {
        "campaign": given.campaign,
        "numbers": _numbers(numbers),
        "cases": [_case(line) for line in cases],
    }
    lines = [
        f"{given.campaign}  全 {numbers.received:,}・対象外 {numbers.excluded:,}"
        f"・未着手 {numbers.untouched:,}・担当なし {numbers.unassigned:,}"
    ]
    lines += [
        f"{line.row_number:>6}  {STATUS_WORDS[line.status]}  {line.assignee or '-':8}"
        f" 発信 {line.dials}  {line.last_outcome or ''}"
        for line in cases
    ]
    return Answer(document, tuple(lines))


def _numbers(numbers: CampaignNumbers) -> dict[str, object]:
    return {
        "received": numbers.received,
        "excluded": numbers.excluded,
        "untouched": numbers.untouched,
        "unassigned": numbers.unassigned,
        "contacted": numbers.contacted,
        "dials": numbers.dials,
        "counted_attempts": numbers.counted_attempts,
        "by_status": {status.value: count for status, count in numbers.by_status.items()},
        "closed_by": numbers.closed_by,
    }


def _case(line: CaseLine) -> dict[str, object]:
    return {
        "id": line.id,
        "row": line.row_number,
        "status": line.status.value,
        "close_reason": line.close_reason.value if line.close_reason else None,
        "exclusion": line.exclusion,
        "assignee": line.assignee,
        "dials": line.dials,
        "counted_attempts": line.counted_attempts,
        "was_contacted": line.was_contacted,
        "last_outcome": line.last_outcome,
    }
