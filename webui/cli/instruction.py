"""``dialer instruction list|show|import|approve``: the work instructions of the receivables."""

from __future__ import annotations

from campaigns.api import (
    CallingRules,
    InstructionView,
    approve_instruction,
    calling_rules,
    enter_instruction,
    get_instruction,
    instructions_overview,
    plain_sheet,
    read_sheet,
    whole_sheet,
)
from campaigns.errors import InstructionInvalid
from secure_store.access import Permission
from webui.cli.arguments import Commands, command, day, file, noun
from webui.cli.context import Context
from webui.cli.output import Answer, refused
from webui.words.instructions import STATE_BADGES, instruction_groups


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "instruction", "個別業務指示書")
    command(verbs, "list", list_all, "債権ごとに、いまの版とこれからの版")
    parser = command(verbs, "show", show, "いまのきまりか、一つの版")
    parser.add_argument("--receivable", required=True, metavar="A01", help="債権")
    parser.add_argument("--version", type=int, metavar="N", help="版（既定はいまのきまり）")
    parser = command(verbs, "import", take_in, "YAMLの指示書を新しい版として入れる")
    parser.add_argument("--file", required=True, type=file, metavar="YAML", help="指示書")
    parser.add_argument("--from", required=True, dest="first", type=day, metavar="DAY", help="始め")
    parser = command(verbs, "approve", approve, "市の承認文書の番号を入れる")
    parser.add_argument("--receivable", required=True, metavar="A01", help="債権")
    parser.add_argument("--version", required=True, type=int, metavar="N", help="版")
    parser.add_argument("--document-no", required=True, metavar="NO", help="市の文書の番号")


def list_all(context: Context) -> Answer:
    """What holds and what is to come, per receivable of this person."""
    with context.work(Permission.ENTER_INSTRUCTIONS, readonly=True) as work:
        found = instructions_overview(work)
    document = [
        {
            "receivable": one.receivable,
            "in_force": one.in_force.version if one.in_force else None,
            "coming": [view.version for view in one.coming],
            "drafts": [view.version for view in one.drafts],
        }
        for one in found
    ]
    lines = tuple(
        f"{one.receivable}  {f'第{one.in_force.version}版' if one.in_force else '契約の標準'}"
        f"  これから{len(one.coming)}件  承認待ち{len(one.drafts)}件"
        for one in found
    )
    return Answer({"instructions": document}, lines)


def show(context: Context) -> Answer:
    """The rules of one receivable, with the whole sheet; with ``--version`` one version as entered."""
    receivable = context.given.receivable.strip().upper()
    with context.work(Permission.ENTER_INSTRUCTIONS, readonly=True) as work:
        if context.given.version is None:
            rules = calling_rules(work, receivable)
            document = {
                "receivable": receivable,
                "rules": rules.label,
                "sheet": plain_sheet(whole_sheet(work, receivable)),
            }
            return Answer(document, _lines(rules))
        view = get_instruction(work, receivable, context.given.version)
    return Answer(_document(view), _lines(view.rules))


def _lines(rules: CallingRules) -> tuple[str, ...]:
    return tuple(
        f"{group.title}  {line.label}: {line.value}"
        for group in instruction_groups(rules)
        for line in group.lines
    )


def take_in(context: Context) -> Answer:
    """Stores a sheet as a draft; a refusal names every faulty field."""
    text = context.given.file.read_bytes().decode("utf-8", errors="replace")
    try:
        with context.work(Permission.ENTER_INSTRUCTIONS) as work:
            view = enter_instruction(work, read_sheet(text), context.given.first)
    except InstructionInvalid as fault:
        named = [f"{one.field}:{one.kind.value}" for one in fault.details["faults"]]
        return refused(fault.code, {"fields": " ".join(named)})
    return Answer(_document(view), (f"{view.receivable} 第{view.version}版を入れました。",))


def approve(context: Context) -> Answer:
    """Notes the city's approval; the next case served from its day on follows it."""
    given = context.given
    with context.work(Permission.ENTER_INSTRUCTIONS) as work:
        view = approve_instruction(
            work, given.receivable.strip().upper(), given.version, given.document_no
        )
    line = f"{view.receivable} 第{view.version}版を{view.effective_from}から使います。"
    return Answer(_document(view), (line,))


def _document(view: InstructionView) -> dict[str, object]:
    return {
        "receivable": view.receivable,
        "version": view.version,
        "state": view.state.value,
        "state_word": STATE_BADGES[view.state][0],
        "effective_from": view.effective_from,
        "document_no": view.document_no,
        "sha256": view.sha256,
        "sheet": plain_sheet(view.sheet),
    }
