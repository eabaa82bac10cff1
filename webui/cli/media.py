"""``dialer media list|register|take|wipe|return|retire``: the register of media (S4-8.7-1, 14.2)."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from secure_store.access import Permission
from secure_store.exchange import media
from secure_store.exchange.exchange_errors import MediumHoldsHome
from secure_store.exchange.media import MediumView
from secure_store.exchange.wiping import wipe_folder
from webui.cli.arguments import Commands, command, noun
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "media", "媒体台帳")
    command(verbs, "list", show, "台帳を見る")
    registering = command(verbs, "register", register, "台帳に載せる")
    registering.add_argument("--maker", required=True, metavar="TEXT", help="メーカー・型番")
    registering.add_argument("--encrypted", action="store_true", help="暗号化機能がある")
    taking = command(verbs, "take", take, "保管場所から出す")
    wiping = command(verbs, "wipe", wipe, "上書きして消し、空を確かめて記録する")
    wiping.add_argument(
        "--path", required=True, type=_folder, metavar="DIR", help="媒体をつないだフォルダ"
    )
    returning = command(verbs, "return", give_back, "保管場所に戻す")
    retiring = command(verbs, "retire", retire, "使用を終える")
    for parser in (registering, taking, wiping, returning, retiring):
        parser.add_argument("serial", metavar="SERIAL", help="製造番号")


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    # The root of this machine is nobody's medium.
    if not path.is_dir() or path.resolve() == Path(path.anchor or "/").resolve():
        raise ArgumentTypeError("フォルダがありません")
    return path


def show(context: Context) -> Answer:
    """All media and where they are."""
    with context.work(Permission.SEE_TRANSFERS, readonly=True) as work:
        views = media.list_media(work)
    document = {"media": [_document(one) for one in views]}
    return Answer(document, tuple(_line(one) for one in views) or ("媒体はまだありません。",))


def register(context: Context) -> Answer:
    """Puts a medium into the register."""
    given = context.given
    with context.work(Permission.MANAGE_EXCHANGE) as work:
        view = media.register_medium(
            work, given.serial.upper(), given.maker, encrypted=given.encrypted
        )
    return _answer(view)


def take(context: Context) -> Answer:
    """Out of its lock."""
    with context.work(Permission.MANAGE_EXCHANGE) as work:
        return _answer(media.take_out(work, context.given.serial.upper()))


def wipe(context: Context) -> Answer:
    """Overwrites everything below the folder, looks again, then records it.

    The step is checked first: nothing is wiped that the register does not know as taken out.
    """
    serial = context.given.serial.upper()
    actor = context.actor(Permission.MANAGE_EXCHANGE)
    with context.refusals_noted(actor):
        with context.store.work(actor, readonly=True) as work:
            media.require_usable(work, serial)
        _refuse_home(context, context.given.path)
        wiped = wipe_folder(context.given.path)
        with context.store.work(actor) as work:
            view = media.note_wiped(work, serial, wiped.files, media.OVERWRITTEN)
    document = {**_document(view), "files": wiped.files, "bytes": wiped.bytes}
    lines = (f"{wiped.files:,} ファイル（{wiped.bytes:,} バイト）を上書きして消しました。",)
    return Answer(document, (*lines, _line(view)))


def _refuse_home(context: Context, path: Path) -> None:
    """Raises MediumHoldsHome when the folder holds this home or its keys, or lies within them."""
    settings, wiped = context.services.settings, path.resolve()
    kept = (settings.home, settings.keystore, settings.passphrase_file, settings.key_file)
    for one in (given.resolve() for given in kept if given is not None):
        if one.is_relative_to(wiped) or wiped.is_relative_to(one):
            raise MediumHoldsHome


def give_back(context: Context) -> Answer:
    """Back under lock."""
    with context.work(Permission.MANAGE_EXCHANGE) as work:
        return _answer(media.give_back(work, context.given.serial.upper()))


def retire(context: Context) -> Answer:
    """Out of use for good."""
    with context.work(Permission.MANAGE_EXCHANGE) as work:
        return _answer(media.retire(work, context.given.serial.upper()))


def _answer(view: MediumView) -> Answer:
    return Answer(_document(view), (_line(view),))


def _document(view: MediumView) -> dict[str, Any]:
    return {
        "serial": view.serial,
        "maker": view.maker,
        "is_encrypted": view.is_encrypted,
        "custodian": view.custodian,
        "holder": view.holder,
        "taken_at": view.taken_at,
        "open_since": view.open_since,
        "is_retired": view.retired_at is not None,
    }


def _line(view: MediumView) -> str:
    place = f"持出し中 {view.holder}" if view.holder else "施錠保管"
    data = "データあり" if view.open_since else "データなし"
    return f"{view.serial}  {'暗号化あり' if view.is_encrypted else '暗号化なし'}  {place}  {data}"
