"""``dialer notice check|apply``: the city's withdrawals and payments come in, in two steps."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any
from uuid import UUID

from campaigns.api import NoticeView, apply_notice, check_notice, get_notice
from campaigns.notice_errors import NoticeRejected
from secure_store.access import Permission
from secure_store.exchange.opening import open_delivery
from webui.cli.arguments import Commands, command, file, noun
from webui.cli.city_files import read_file_password, read_files, refused_files
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "notice", "市の連絡（引抜き・納付確認）")
    checking = command(verbs, "check", check, "検査して件数を出す。何も変えない")
    checking.add_argument("files", nargs="+", type=file, metavar="FILE", help="データと送付書")
    checking.add_argument("--password-file", type=file, metavar="FILE", help="パスワードのファイル")
    checking.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")
    applying = command(verbs, "apply", apply, "検査した連絡を反映する。途中なら続きから")
    applying.add_argument("notice", type=_notice_id, metavar="ID", help="check が出した番号")


def _notice_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ArgumentTypeError("番号の形ではありません") from None


def check(context: Context) -> Answer:
    """What the notice would meet; the files wait sealed until they are applied or given back."""
    given = context.given
    files = read_files(given.files)
    actor = context.actor(Permission.RECEIVE_LENT_DATA)
    with context.refusals_noted(actor):
        password = read_file_password(given.password_file)
        files = open_delivery(context.store, actor, files, password)
        try:
            notice_id = check_notice(context.store, actor, given.campaign, files)
        except NoticeRejected as refusal:
            return refused_files(refusal.code, refusal.details["report"])
    with context.store.work(actor, readonly=True) as work:
        return _answer(get_notice(work, notice_id))


def apply(context: Context) -> Answer:
    """Applies a checked notice."""
    actor = context.actor(Permission.WITHDRAW_CASE)
    with context.refusals_noted(actor):
        told = apply_notice(context.store, actor, context.given.notice, context.output.progress)
    return _answer(told)


def _answer(view: NoticeView) -> Answer:
    document: dict[str, Any] = {
        "notice": view.id,
        "campaign": view.campaign_code,
        "kind": view.kind.value,
        "state": view.state.value,
        "receipt": view.document_no,
        "digest": view.digest,
        "received": view.received,
        "found": view.found,
        "already_closed": view.already_closed,
        "not_found": view.not_found,
        "ended": view.ended,
        "repeated": view.repeated,
        "faults": [],
    }
    met = f"継続中 {view.found:,} + 終了済み {view.already_closed:,} + 該当なし {view.not_found:,}"
    lines = [f"受領 {view.received:,} = {met}", f"受付番号 {view.document_no}"]
    if view.applied_at is None:
        lines.append(f"反映を待っています: dialer notice apply {view.id}")
    else:
        lines.append(f"反映しました。終えた案件 {view.ended:,}")
    return Answer(document, tuple(lines))
