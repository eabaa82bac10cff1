"""``dialer daily close|files|confirm``: the day's results, from the close to the receipt (S4-13.1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from campaigns.api import (
    DayExport,
    DayState,
    DayView,
    build_files,
    close_day,
    confirm_upload,
    export_day,
    get_day,
    place_files,
    sign_files,
    write_clear_files,
)
from secure_store.access import Actor, Permission
from secure_store.exchange.exchange_errors import ExportRefused
from webui.cli.arguments import Commands, command, day, file, noun
from webui.cli.city_files import read_file_password
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.cli.words import DAY_WORDS


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "daily", "日次結果")
    closing = command(verbs, "close", close, "一日を締める")
    files = command(verbs, "files", make_files, "日次ファイルを作り、署名して、交換フォルダに置く")
    files.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="ここにも書く（訓練は平文、本番は市の承認のもとで暗号化）",
    )
    files.add_argument(
        "--approval", type=UUID, metavar="ID", help="書き出しの承認（dialer export list の番号）"
    )
    files.add_argument("--purpose", metavar="CODE", help="書き出しの目的")
    files.add_argument("--place", metavar="CODE", help="指定された持出先")
    files.add_argument(
        "--password-file", type=file, metavar="FILE", help="受渡しのパスワードの入ったファイル"
    )
    confirm = command(verbs, "confirm", confirm_one, "提出の受領を記録する")
    confirm.add_argument("--receipt", required=True, metavar="NO", help="受領番号")
    show_one = command(verbs, "show", show, "一日の状態を見る")
    for parser in (closing, files, confirm, show_one):
        parser.add_argument("day", type=day, metavar="DAY", help="2022-09-15")


def close(context: Context) -> Answer:
    """Closes a day; closing it again changes nothing. Before its end it is refused."""
    actor = context.actor(Permission.CLOSE_DAY)
    with context.refusals_noted(actor):
        close_day(context.store, actor, context.given.day)
    return _shown(context, actor, context.given.day)


def make_files(context: Context) -> Answer:
    """Takes a closed day as far as this person may: built, signed, placed in the exchange folder.

    The supervisor who runs it signs by it (S4-12.1e): a pack never leaves unsigned.
    """
    actor = context.actor(Permission.READ_DAILY_FILES)
    out: Path | None = context.given.out
    placed: Path | None = None
    with context.refusals_noted(actor):
        if actor.may(Permission.SIGN_DAILY_FILES):
            placed = _sign_and_place(context, actor, context.given.day)
        if out is not None:
            _write_out(context, actor, out)
    folder = out.resolve() if out is not None else placed
    return _shown(context, actor, context.given.day, folder)


def _write_out(context: Context, actor: Actor, out: Path) -> None:
    """Clear files in a rehearsal; elsewhere locked ones, under an approval of the city."""
    given = context.given
    if context.store.is_rehearsal and given.approval is None:
        write_clear_files(context.store, actor, given.day, out)
        return
    if given.approval is None or given.purpose is None or given.place is None:
        raise ExportRefused(reason="no_approval")
    wanted = DayExport(given.day, given.approval, given.purpose, given.place, out)
    export_day(context.store, actor, wanted, read_file_password(given.password_file))


def _sign_and_place(context: Context, actor: Actor, of_day: date) -> Path:
    build_files(context.store, actor, of_day)
    with context.store.work(actor) as work:
        if get_day(work, of_day).state is DayState.BUILT:
            sign_files(work, of_day)
    password = read_file_password(context.given.password_file)
    return place_files(context.store, actor, of_day, password)


def confirm_one(context: Context) -> Answer:
    """The city has the files: the clock of 09:30 stops."""
    with context.work(Permission.SIGN_DAILY_FILES) as work:
        view = confirm_upload(work, context.given.day, context.given.receipt)
    return _answer(view, None)


def show(context: Context) -> Answer:
    """Where a day stands."""
    actor = context.actor(Permission.READ_DAILY_FILES)
    return _shown(context, actor, context.given.day)


def _shown(context: Context, actor: Actor, of_day: date, folder: Path | None = None) -> Answer:
    with context.store.work(actor) as work:
        return _answer(get_day(work, of_day), folder)


def _answer(view: DayView, folder: Path | None) -> Answer:
    document = {
        "day": view.business_day,
        "state": view.state.value,
        "closed_at": view.closed_at,
        "due_at": view.due_at,
        "is_late": view.is_late,
        "signed_by": view.signed_by,
        "receipt": view.receipt_no,
        "files": [
            {"name": file.name, "kind": file.kind, "sha256": file.sha256, "rows": file.rows}
            for file in view.files
        ],
        "folder": folder,
    }
    lines = [
        f"{view.business_day}  {DAY_WORDS[view.state]}" + ("（期限超過）" if view.is_late else "")
    ]
    lines += [f"  {file.name}  {file.rows:,} 行  {file.sha256}" for file in view.files]
    if folder is not None:
        lines.append(f"フォルダ: {folder}")
    return Answer(document, tuple(lines))
