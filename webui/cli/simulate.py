"""``dialer simulate --contract``: months of calling on a virtual clock, every rule checked."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

from webui.cli.arguments import Commands, command
from webui.cli.context import Context
from webui.cli.demo import HOMES, free_home, open_or_make
from webui.cli.output import Answer, refused

MOST_AGENTS, MOST_CASES, MOST_MONTHS = 8, 100_000, 10


def add_to(commands: Commands) -> None:
    parser = command(commands, "simulate", simulate, "訓練のホームで契約期間を通して模擬実行する")
    parser.add_argument("--contract", action="store_true", required=True, help="契約期間を通す")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="模擬実行の種")
    for name, default, most, help_text in (
        ("--agents", 3, MOST_AGENTS, "オペレーターの人数"),
        ("--cases", 100, MOST_CASES, "1か月の件数"),
        ("--months", 1, MOST_MONTHS, "月数"),
    ):
        kind = _up_to(most)
        parser.add_argument(name, type=kind, default=default, metavar="N", help=help_text)
    parser.add_argument("--faults", action="store_true", help="停止・時計のずれなどの障害を起こす")


def simulate(context: Context) -> Answer:
    """Plays the contract in a new rehearsal home; refused when a rule was broken."""
    # The simulation brings its people along; no other command needs them.
    from webui.rehearsal.contract_plan import Scale
    from webui.rehearsal.contract_simulation import simulate_contract

    given = context.given
    scale = Scale(
        seed=given.seed,
        agents=given.agents,
        cases=given.cases,
        months=given.months,
        faults=given.faults,
    )
    services = open_or_make(context, free_home(context, HOMES, "contract"))
    result = simulate_contract(services, scale)
    document = {**result.to_document(), "home": services.settings.home}
    if result.violations:
        return refused("rules_broken", dict(result.violations), with_fields=document)
    lines = [f"  {name}: {count:,}" for name, count in result.counts.items()]
    return Answer(document, (*lines, f"経過の指紋: {result.event_hash}", "違反はありません。"))


def _up_to(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(f"1から{most}までの数で")

    return read
