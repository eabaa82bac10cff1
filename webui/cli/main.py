"""``dialer``: the command line (exit 0 done, 1 refused, 2 wrong usage).

With ``--json`` exactly one JSON object is printed; a refusal has ``error.code``. Business commands
need ``--as CODE`` and that person's password on standard input, and pass the same permission
check as the screens; without ``--as`` they are refused (exit 1, ``person_missing``).
"""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from secure_store.errors import DomainError
from webui.cli import (
    assign,
    audit,
    backup,
    campaign,
    certificate,
    clock,
    daily,
    demo,
    erasure,
    export,
    gateway,
    group,
    home,
    hours,
    incident,
    instruction,
    intake,
    inventory,
    keys,
    lists,
    maintain,
    media,
    notice,
    report,
    serve,
    simulate,
    staff,
    why,
)
from webui.cli.arguments import Parser, UsageRefused, common
from webui.cli.context import Context
from webui.cli.output import Output, refusal, refused, wrong_usage

NOUNS = (
    home,
    staff,
    demo,
    campaign,
    intake,
    notice,
    assign,
    group,
    lists,
    why,
    hours,
    instruction,
    daily,
    gateway,
    media,
    export,
    inventory,
    erasure,
    certificate,
    audit,
    incident,
    report,
    backup,
    keys,
    clock,
    simulate,
    maintain,
    serve,
)
log = logging.getLogger("webui.cli")


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="dialer",
        description="電話納付案内センター",
        parents=[common()],
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(
        dest="noun", required=True, metavar="COMMAND", title="commands", parser_class=Parser
    )
    for module in NOUNS:
        module.add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    output = Output(as_json="--json" in words)
    try:
        given = build_parser().parse_args(words)
    except UsageRefused as fault:
        return output.show(wrong_usage(fault.message, fault.usage))
    return _run(given, output)


def _run(given: Namespace, output: Output) -> int:
    context = Context(given, output)
    try:
        return output.show(given.run(context))
    except DomainError as error:
        return output.show(refusal(error))
    except UsageRefused as fault:
        return output.show(wrong_usage(fault.message, fault.usage))
    except Exception as fault:
        # Its text may hold a value of a person: only its kind and its place are told.
        where = _place(fault)
        log.error("unexpected", extra={"kind": type(fault).__name__, "where": where})
        details = {"kind": type(fault).__name__, "where": where}
        return output.show(refused("unexpected", details))
    finally:
        context.close()


def _place(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


if __name__ == "__main__":
    sys.exit(main())
