"""``dialer gateway list|register|take|log|key``: what the exchange server left here (S4-8.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.api import CityPaper, ExchangeRules, current_profile, get_campaign, stage_delivery
from secure_store.access import Permission
from secure_store.errors import NotFound
from secure_store.exchange.exchange_errors import HandOverInvalid
from secure_store.exchange.exchange_keys import exchange_keys, make_exchange_key
from secure_store.exchange.gateway import list_inbound
from secure_store.exchange.hand_over_views import HandOverView, list_hand_overs
from secure_store.exchange.hand_overs import Designated, NewHandOver
from secure_store.exchange.placed import list_placed
from secure_store.exchange.taking import finish_import, open_registered, register_inbound
from secure_store.work import UnitOfWork
from webui.cli.arguments import Commands, command, file, instant, noun
from webui.cli.city_files import read_file_password
from webui.cli.context import Context
from webui.cli.output import Answer


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "gateway", "市との受渡し")
    command(verbs, "list", show_inbound, "受信フォルダを見る")
    registering = command(verbs, "register", register, "届いたものを登録し、預り証を出す")
    registering.add_argument("folder", metavar="FOLDER", help="受信フォルダの中の名前")
    registering.add_argument("--campaign", required=True, metavar="A01-202209", help="架電期間")
    registering.add_argument("--means", required=True, metavar="CODE", help="受渡しの手段")
    registering.add_argument("--place", required=True, metavar="CODE", help="受け取った場所")
    registering.add_argument("--by", required=True, metavar="POST", help="預けた職（例：保育課長）")
    registering.add_argument("--at", type=instant, metavar="ISO", help="受け取った日時")
    registering.add_argument("--medium", metavar="SERIAL", help="使った媒体")
    registering.add_argument("--rows", type=int, metavar="N", help="市が知らせた件数")
    taking = command(verbs, "take", take, "登録したものをメモリーで開いて取り込む")
    taking.add_argument("number", metavar="NO", help="預り証の番号")
    taking.add_argument("--password-file", type=file, metavar="FILE", help="パスワードのファイル")
    command(verbs, "log", show_log, "受渡しの記録を見る")
    keys = command(verbs, "key", show_key, "市に知らせる公開鍵を見る")
    keys.add_argument("--new", action="store_true", help="新しい鍵を作る")


def show_inbound(context: Context) -> Answer:
    """What lies in the inbound folder."""
    with context.work(Permission.SEE_TRANSFERS, readonly=True) as work:
        found = list_inbound(work)
    folders = [
        {
            "name": one.name,
            "files": one.files,
            "bytes": one.bytes,
            "since": one.since,
            "receipt": one.number,
        }
        for one in found
    ]
    lines = [
        f"{one.name or '（名前の使えないフォルダ）'}  {one.files} ファイル  {one.number or '未登録'}"
        for one in found
    ]
    return Answer({"folders": folders}, tuple(lines or ["受信フォルダは空です。"]))


def register(context: Context) -> Answer:
    """Registers one folder; its receipt has a number from then on."""
    given = context.given
    actor = context.actor(Permission.MANAGE_EXCHANGE)
    with context.refusals_noted(actor):
        with context.store.work(actor, readonly=True) as work:
            rules = current_profile(work).exchange
            new = _new(work, given, given.at or work.now)
        noted = register_inbound(context.store, actor, given.folder, new, _designated(rules))
    return Answer(_document(noted), (f"登録しました。預り証 {noted.number}",))


def _new(work: UnitOfWork, given: Any, at: datetime) -> NewHandOver:
    if not CityPaper("", given.by, at.date()).names_a_post:
        raise HandOverInvalid(field="handed_by")
    receivable = get_campaign(work, given.campaign).receivable
    return NewHandOver(
        receivable,
        given.campaign,
        given.means,
        given.place,
        given.by,
        at,
        given.medium,
        given.rows,
    )


def _designated(rules: ExchangeRules) -> Designated:
    return Designated(rules.means.keys(), rules.places.keys(), rules.by_medium)


def take(context: Context) -> Answer:
    """Takes a registered delivery in; what lay in the folder is overwritten afterwards."""
    given = context.given
    actor = context.actor(Permission.RECEIVE_LENT_DATA)
    with context.refusals_noted(actor):
        registered = _numbered(context, given.number)
        password = read_file_password(given.password_file)
        files = open_registered(context.store, actor, registered.id, password)
        campaign = registered.campaign_code or ""
        list_id = stage_delivery(context.store, actor, campaign, files, context.output.progress)
        finish_import(context.store, actor, registered.id, list_id)
    document = {"receipt": registered.number, "list": list_id, "campaign": campaign}
    return Answer(document, (f"{registered.number} を取り込みました。公開を待っています。",))


def _numbered(context: Context, number: str) -> HandOverView:
    actor = context.actor(Permission.SEE_TRANSFERS)
    with context.store.work(actor, readonly=True) as work:
        for one in list_hand_overs(work):
            if one.number == number:
                return one
    raise NotFound(kind="hand_over")


def show_log(context: Context) -> Answer:
    """Everything that came in and went out."""
    with context.work(Permission.SEE_TRANSFERS, readonly=True) as work:
        received, placed = list_hand_overs(work), list_placed(work)
    document = {
        "received": [_document(one) for one in received],
        "placed": [
            {
                "direction": one.direction.value,
                "name": one.name,
                "receipt": one.receipt_no,
                "at": one.at,
                "by": one.by,
            }
            for one in placed
        ],
    }
    lines = [
        f"{one.number}  {one.campaign_code}  {len(one.files)} ファイル  {one.state.value}"
        for one in received
    ]
    lines += [f"{one.at:%Y-%m-%d %H:%M}  {one.direction.value}  {one.name}" for one in placed]
    return Answer(document, tuple(lines or ["受渡しの記録はまだありません。"]))


def _document(one: HandOverView) -> dict[str, Any]:
    return {
        "receipt": one.number,
        "receivable": one.receivable,
        "campaign": one.campaign_code,
        "means": one.means,
        "place": one.place,
        "by_post": one.handed_by,
        "medium": one.medium_serial,
        "handed_at": one.handed_at,
        "state": one.state.value,
        "digest": one.digest,
        "files": [
            {"name": item.name, "sha256": item.sha256, "size": item.size, "form": item.form.value}
            for item in one.files
        ],
    }


def show_key(context: Context) -> Answer:
    """The public key that the city encrypts to, with its fingerprint."""
    with context.work(Permission.MANAGE_EXCHANGE) as work:
        if context.given.new:
            make_exchange_key(work)
        current = next((one for one in exchange_keys(work) if one.ended_at is None), None)
    if current is None:
        return Answer({"public_key": None}, ("まだ鍵がありません。--new で作ります。",))
    document = {"public_key": current.public_key, "fingerprint": current.fingerprint}
    return Answer(document, (current.public_key, f"指紋 {current.fingerprint}"))
