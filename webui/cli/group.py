"""``dialer group make|join|leave|retire|list``: groups that share the cases of a receivable."""

from __future__ import annotations

from campaigns.api import add_member, list_groups, make_group, remove_member, retire_group
from secure_store.access import Permission
from webui.cli.arguments import Commands, Parser, command, noun
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "group", "担当グループ")
    parser = command(verbs, "make", make, "グループを作る")
    _code(parser)
    parser.add_argument("--name", required=True, help="グループの名前")
    parser.add_argument("--receivable", required=True, metavar="A01", help="債権")
    for verb, act, text in (("join", join, "人を入れる"), ("leave", leave, "人を外す")):
        parser = command(verbs, verb, act, text)
        _code(parser)
        parser.add_argument("--agent", required=True, metavar="OP01", help="人")
    _code(command(verbs, "retire", retire, "グループを廃止する（案件は担当なしに戻る）"))
    command(verbs, "list", list_all, "グループの一覧")


def _code(parser: Parser) -> None:
    parser.add_argument("--code", required=True, metavar="G01", help="グループの番号")


def make(context: Context) -> Answer:
    """Makes an empty group (S4-12.1c)."""
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        made = make_group(work, given.code, given.name, given.receivable)
    return Answer({"group": made.code}, (f"{made.code} を作りました。",))


def join(context: Context) -> Answer:
    """Takes a person of the receivable in."""
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        joined = add_member(work, given.code, given.agent)
    text = "入れました" if joined else "はすでに入っています"
    return Answer({"group": given.code, "changed": joined}, (f"{given.agent} を{text}。",))


def leave(context: Context) -> Answer:
    """Takes a person out; a case in hand stays there until its outcome."""
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        left = remove_member(work, given.code, given.agent)
    text = "を外しました" if left else "は入っていません"
    return Answer({"group": given.code, "changed": left}, (f"{given.agent} {text}。",))


def retire(context: Context) -> Answer:
    """Ends a group; its open cases are nobody's."""
    given = context.given
    with context.work(Permission.ASSIGN_CASES) as work:
        freed = retire_group(work, given.code)
    line = f"{given.code} を廃止し、{freed:,} 件を担当なしに戻しました。"
    return Answer({"group": given.code, "unassigned": freed}, (line,))


def list_all(context: Context) -> Answer:
    """The groups with their members, the active ones first."""
    with context.work(Permission.ASSIGN_CASES, readonly=True) as work:
        groups = list_groups(work)
    document = {
        "groups": [
            {
                "group": one.code,
                "name": one.name,
                "receivable": one.receivable,
                "members": list(one.members),
                "is_active": one.is_active,
            }
            for one in groups
        ]
    }
    lines = tuple(
        f"{one.code}  {one.receivable}  {one.name}  {','.join(one.members) or '-'}"
        f"{'' if one.is_active else '  廃止'}"
        for one in groups
    )
    return Answer(document, lines)
