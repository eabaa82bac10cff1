"""``dialer serve`` and ``dialer scheduler``: the two processes of a home."""

from __future__ import annotations

from ipaddress import ip_address

from webui.cli.arguments import Commands, UsageRefused, command
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.runtime import log_setup, scheduler
from webui.runtime.serve import LOOPBACK, address, make_server, port_of, run

DEFAULT_PORT = 8004


def add_to(commands: Commands) -> None:
    parser = command(commands, "serve", serve, "画面を出す")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="P")
    parser.add_argument("--host", default=LOOPBACK, metavar="ADDRESS")
    parser.add_argument(
        "--front-server",
        metavar="ADDRESS",
        help="前段のサーバのIPアドレス（この機器が X-Forwarded-For で告げる端末の番地を信じる）",
    )
    alarm = command(commands, "scheduler", run_scheduler, "時刻で動く処理を行う")
    alarm.add_argument("--once", action="store_true", help="いま行うべきものを一度だけ行う")


def serve(context: Context) -> Answer:
    """Serves until it is interrupted. The scheduler is a process of its own."""
    log_setup.set_up(context.services.settings.logs, "serve")
    front = context.given.front_server
    server = make_server(
        context.services,
        context.given.host,
        context.given.port,
        front_server=_address(front) if front else None,
    )
    url = address(context.given.host, port_of(server))
    context.output.note(f"{url} で待っています。終えるには Ctrl+C を押してください。")
    run(server)
    return Answer({"url": url, "stopped": True}, ("終わりました。",))


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise UsageRefused("--front-server にはIPアドレスを指定してください") from None


def run_scheduler(context: Context) -> Answer:
    """Runs what is due, once or until the process is asked to end."""
    if context.given.once:
        return _once(context)
    log_setup.set_up(context.services.settings.logs, "scheduler")
    scheduler.run_forever(context.store)
    return Answer({"stopped": True}, ("終わりました。",))


def _once(context: Context) -> Answer:
    runs = scheduler.Scheduler(context.store).ring()
    document = {
        "ran": [
            {"job": ran.job, "due_at": ran.due_at, "error_code": ran.error_code} for ran in runs
        ]
    }
    lines = tuple(f"{ran.job} {ran.due_at.isoformat()} {ran.error_code or 'ok'}" for ran in runs)
    return Answer(document, lines or ("いま行うものはありません。",))
