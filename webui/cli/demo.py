"""``dialer demo``: a rehearsal centre with sample people, in the browser or as one whole day."""

from __future__ import annotations

import os
from pathlib import Path

from dialer.calendar.holidays import in_tokyo
from webui.cli.arguments import Commands, command
from webui.cli.context import Context
from webui.cli.home import make_home, person_lines
from webui.cli.output import Answer, refused
from webui.rehearsal import demo_home
from webui.runtime import log_setup, scheduler
from webui.runtime.rehearsal_clock import set_clock
from webui.runtime.serve import LOOPBACK, address, make_server, port_of, run
from webui.runtime.settings import SETTINGS_FILE, find_home
from webui.runtime.wiring import new_settings
from webui.services import Services

HOMES = Path(".home")
DEFAULT_PORT = 8004
MOST_HOMES = 1000


def add_to(commands: Commands) -> None:
    parser = command(commands, "demo", demo, "見本データの訓練センターを動かす")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="P")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="見本データの種")
    parser.add_argument("--day", action="store_true", help="画面なしで一日を通して行う")
    parser.add_argument("--cases", type=int, default=60, metavar="N", help="--day の件数")


def demo(context: Context) -> Answer:
    """The browser's demonstration, or with ``--day`` a day by simulated agents."""
    return _day(context) if context.given.day else _serve(context)


def _wanted_home(context: Context, otherwise: Path) -> Path:
    given = getattr(context.given, "home", None) or os.environ.get("DIALER_HOME")
    return find_home(given or str(otherwise))


def free_home(context: Context, folder: Path, name: str) -> Path:
    """The home named on the command line, or the first ``name-001`` of the folder that is free."""
    names = (folder / f"{name}-{number:03d}" for number in range(1, MOST_HOMES))
    return _wanted_home(context, next(path for path in names if not path.exists()))


def open_or_make(context: Context, home: Path) -> Services:
    """An existing rehearsal home, or a new one with its ready persons."""
    if (home / SETTINGS_FILE).exists():
        context.given.home = str(home)
        context.require_rehearsal()
        return context.services
    settings = new_settings(home, is_rehearsal=True)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    set_clock(settings, demo_home.FOUNDED_AT)
    return make_home(context, settings)


def _serve(context: Context) -> Answer:
    services = open_or_make(context, _wanted_home(context, HOMES / "demo"))
    if not demo_home.has_campaign(services):
        context.output.note("見本データを用意しています。")
        demo_home.add_campaign(services, context.given.seed)
    if context.now is None:
        demo_home.open_window(services)
    demo_home.begin_day(services)
    log_setup.set_up(services.settings.logs, "demo")
    server = make_server(services, LOOPBACK, context.given.port)
    stop = scheduler.start(services.store)
    url = address(LOOPBACK, port_of(server))
    for line in _welcome(services, url):
        context.output.note(line)
    try:
        run(server)
    finally:
        stop()
    return Answer({"url": url, "home": services.settings.home}, ("終わりました。",))


def _welcome(services: Services, url: str) -> list[str]:
    now = in_tokyo(services.store.clock.now())
    return [
        f"訓練のホーム: {services.settings.home}",
        f"訓練の時計: {now:%Y-%m-%d %H:%M}",
        *person_lines(),
        f"{url} をブラウザで開いてください。終えるには Ctrl+C を押してください。",
    ]


def _day(context: Context) -> Answer:
    # The simulation brings its agents along; no other command needs them.
    from webui.rehearsal.simulation import simulate_day

    services = open_or_make(context, free_home(context, HOMES, "day"))
    result = simulate_day(services, cases=context.given.cases, seed=context.given.seed)
    folder = services.settings.exchange / "outbound" / result.folder
    document = {**result.to_document(), "folder": folder, "home": services.settings.home}
    if result.violations:
        kinds = {one.kind.value: one.times for one in result.violations}
        return refused("rules_broken", kinds, with_fields=document)
    lines = [
        f"{result.day}  発信 {result.calls:,}・折返し {result.callbacks:,}・接触 {result.contacts:,}"
    ]
    lines += [f"  {code}: {count:,}" for code, count in result.outcomes.items()]
    lines += [f"  {file.name}  {file.rows:,} 行" for file in result.files]
    return Answer(document, (*lines, f"ファイル: {folder}"))
