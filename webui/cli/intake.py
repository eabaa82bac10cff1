"""``dialer intake FILE... --campaign A01-202209 [--publish]``: lent data comes in (S4-11.1b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from campaigns.api import build_call_list, get_delivery, publish, stage_delivery
from campaigns.errors import RowsRejected
from secure_store.access import Actor, Permission, require
from secure_store.exchange.opening import open_delivery
from webui.cli.arguments import Commands, command, file
from webui.cli.city_files import read_file_password, read_files, refused_files
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    parser = command(commands, "intake", take_in, "貸与データを受け入れる")
    parser.add_argument("files", nargs="+", type=file, metavar="FILE", help="貸与ファイル")
    parser.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")
    parser.add_argument(
        "--password-file", type=file, metavar="FILE", help="ファイルのパスワードの入ったファイル"
    )
    parser.add_argument("--publish", action="store_true", help="続けて公開し、架電順を作る")


def take_in(context: Context) -> Answer:
    """Checks, seals and stages a delivery; received = accepted + excluded, or nothing is taken."""
    given = context.given
    files = read_files(given.files)
    actor = context.actor(Permission.RECEIVE_LENT_DATA)
    with context.refusals_noted(actor):
        if given.publish:
            require(actor, Permission.PUBLISH_LENT_DATA)
        files = open_delivery(context.store, actor, files, read_file_password(given.password_file))
        try:
            list_id = stage_delivery(
                context.store, actor, given.campaign, files, context.output.progress
            )
        except RowsRejected as refusal:
            report = refusal.details["report"]
            return refused_files(refusal.code, report, **_counts(report), digest=None)
        if given.publish:
            _publish(context, actor, given.campaign, list_id)
    return _taken(context, actor, list_id)


def _publish(context: Context, actor: Actor, campaign: str, list_id: UUID) -> None:
    with context.store.work(actor) as work:
        publish(work, list_id)
    build_call_list(context.store, actor, campaign)


def _taken(context: Context, actor: Actor, list_id: UUID) -> Answer:
    with context.store.work(actor) as work:
        view = get_delivery(work, list_id)
    document: dict[str, Any] = {
        **_counts(view.report),
        "digest": view.digest,
        "list": view.id,
        "state": view.state.value,
        "receipt": view.receipt_no,
    }
    lines = [f"受領 {view.received:,} = 受入 {view.accepted:,} + 対象外 {view.excluded:,}"]
    lines += [f"  {code}: {count:,}" for code, count in view.report["excluded"].items()]
    lines.append(f"預り証 {view.receipt_no}" if view.receipt_no else "公開を待っています。")
    return Answer(document, tuple(lines))


def _counts(report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "received": report["received"],
        "accepted": report["accepted"],
        "excluded": report["excluded"],
        "faults": report["faults"],
        "questions": report["questions"],
    }
