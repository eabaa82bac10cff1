"""``dialer maintain``: what the scheduler does to the database every night, now."""

from __future__ import annotations

from dataclasses import asdict

from secure_store.maintenance import maintain
from webui.cli.arguments import Commands, command
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    command(commands, "maintain", run, "データベースの手入れ（索引の作り直しと統計）をいま行う")


def run(context: Context) -> Answer:
    """Needs no person: like the scheduler, it changes no row; agents may go on calling."""
    done = maintain(context.store)
    return Answer(asdict(done), (f"手入れを終えました。表 {done.tables}・索引 {done.indexes}",))
