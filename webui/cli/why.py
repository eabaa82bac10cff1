"""``dialer why`` and ``dialer funnel``: why cases are not callable, one or all of a campaign."""

from __future__ import annotations

from uuid import UUID

from campaigns.api import case_answer, funnel
from secure_store.access import Permission
from webui.cli.arguments import Commands, command
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.words.callability import BUCKET_WORDS, answer_sentence


def add_to(commands: Commands) -> None:
    parser = command(commands, "why", why, "案件がいまかけられるか、かけられない理由")
    parser.add_argument("--case", required=True, type=UUID, metavar="ID", help="案件")
    parser = command(commands, "funnel", whole, "架電可否の内訳（合計は受け入れた件数と一致）")
    parser.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")


def why(context: Context) -> Answer:
    """The one answer for one case, in words (S4-12.1c)."""
    given = context.given
    with context.work(Permission.SEE_CASE_LISTS, readonly=True) as work:
        answer = case_answer(work, given.case)
    document = {
        "case": given.case,
        "bucket": answer.bucket.value,
        "callable_from": answer.callable_from,
    }
    return Answer(document, (BUCKET_WORDS[answer.bucket], answer_sentence(answer)))


def whole(context: Context) -> Answer:
    """Every published case of a campaign in exactly one bucket."""
    given = context.given
    with context.work(Permission.SEE_CASE_LISTS, readonly=True) as work:
        shown = funnel(work, given.campaign)
    document = {
        "campaign": shown.campaign_code,
        "received": shown.received,
        "difference": shown.difference,
        "buckets": {bucket.value: count for bucket, count in shown.counts.items()},
    }
    lines = [f"{count:>9,}  {BUCKET_WORDS[bucket]}" for bucket, count in shown.counts.items()]
    total = f"{shown.received:>9,}  受け入れた件数（差 {shown.difference}）"
    return Answer(document, (*lines, total))
