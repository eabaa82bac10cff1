"""``dialer keys init|status|rotate``: the key file, the state of the keys, and new keys for old.

A supervisor and a system administrator rotate together (``--as`` one, ``--with`` the other). In
production each gives a password, one line each on standard input, in this order.
"""

from __future__ import annotations

from pathlib import Path

from campaigns.api import replace_data_key
from secure_store.access import Actor, Permission
from secure_store.key_custody import KeyStatus, key_status, require_two, rotate_contract_key
from secure_store.sealing.root_files import make_key_file
from webui.cli.arguments import Commands, UsageRefused, command, noun
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.runtime.key_places import rotate_root_key
from webui.words.keys import KIND_WORDS, LEVEL_WORDS, ROOT_WORDS


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "keys", "鍵")
    making = command(
        verbs, "init", init, "取り外せる媒体に鍵ファイルを作る（dialer init の前に行う）"
    )
    making.add_argument("--key-file", required=True, type=Path, metavar="FILE")
    command(verbs, "status", status, "鍵の保管庫の状態と保証水準")
    rotating = command(verbs, "rotate", rotate, "鍵を新しくする（二名）")
    rotating.add_argument("what", choices=("root", "epoch", "data"), metavar="root|epoch|data")
    rotating.add_argument("--with", dest="second", metavar="CODE", help="もう一人の利用者番号")
    rotating.add_argument("--campaign", metavar="CODE", help="data：どの架電期間の鍵か")
    rotating.add_argument("--key-file", type=Path, metavar="FILE", help="root：新しい鍵ファイル")
    rotating.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="root：新しいパスフレーズのファイル"
    )


def init(context: Context) -> Answer:
    """Makes a key file; needs no home. Raises KeyExists: a key file is never overwritten."""
    path = context.given.key_file.expanduser().resolve()
    check = make_key_file(path)
    text = f"鍵ファイルを作りました: {path}（照合値 {check}）。dialer init --key-file で使います。"
    return Answer({"key_file": path, "check": check}, (text,))


def status(context: Context) -> Answer:
    """No secret and nobody's data; the level is the one certificates print."""
    context.actor(Permission.ROTATE_KEYS)
    found = key_status(context.store)
    counts = [{"kind": c.kind.value, "scope": c.scope, "count": c.count} for c in found.counts]
    document = {
        "level": found.level,
        "accepts_level_c": found.accepts_level_c,
        "root": found.root.value,
        "epoch": found.epoch,
        "generation": found.generation,
        "tombstones": found.tombstones,
        "is_erased": found.is_erased,
        "being_replaced": [b.campaign_code for b in found.batches if b.is_being_replaced],
        "counts": counts,
    }
    return Answer(document, tuple(_lines(found)))


def _lines(found: KeyStatus) -> list[str]:
    lines = [
        f"保証水準: {found.level}（{LEVEL_WORDS[found.level]}）",
        f"根鍵: {ROOT_WORDS[found.root]}",
        f"契約鍵: 第{found.epoch}世代、抹消済みの鍵 {found.tombstones:,}件",
    ]
    totals: dict[str, int] = {}
    for count in found.counts:
        totals[count.kind.value] = totals.get(count.kind.value, 0) + count.count
    lines += [f"  {KIND_WORDS[kind]}: {number:,}" for kind, number in sorted(totals.items())]
    changing = [b.campaign_code for b in found.batches if b.is_being_replaced]
    if changing:
        lines.append(f"更新の途中: {'、'.join(changing)}")
    if found.is_erased:
        lines.append("この契約の鍵は抹消されています。")
    return lines


def rotate(context: Context) -> Answer:
    """Two persons; what was begun and cut short goes on when it is called again."""
    given = context.given
    first = context.actor(Permission.ROTATE_KEYS)
    second = context.person(given.second, Permission.ROTATE_KEYS)
    if given.what == "data":
        return _data(context, first, second)
    if given.what == "epoch":
        count = rotate_contract_key(context.store, first, second)
        return _answer("epoch", f"契約鍵を新しくしました。{count:,}個の鍵を読み返しました。", count)
    count = rotate_root_key(
        context.services,
        first,
        second,
        passphrase_file=_path(given.passphrase_file),
        key_file=_path(given.key_file),
    )
    text = (
        f"根鍵を新しくしました。{count:,}個の鍵を読み返しました。"
        "前の鍵の媒体と、保管庫の前の写しは、手順に従って処分してください。"
    )
    return _answer("root", text, count)


def _path(given: Path | None) -> Path | None:
    return given and given.expanduser().resolve()


def _answer(what: str, text: str, count: int) -> Answer:
    return Answer({"rotated": what, "read_back": count}, (text,))


def _data(context: Context, first: Actor, second: Actor) -> Answer:
    code = context.given.campaign
    if not code:
        raise UsageRefused("--campaign で架電期間を指定してください")
    require_two(first, second)
    done = replace_data_key(context.store, first, code)
    document = {
        "rotated": "data",
        "campaign": done.campaign_code,
        "resealed": done.resealed,
        "left": done.left,
        "is_pruned": done.is_pruned,
    }
    after = (
        "前の鍵は抹消しました。"
        if done.is_pruned
        else "前の鍵は、期限前のバックアップのために残しました。"
    )
    return Answer(
        document, (f"{code} の鍵を新しくし、{done.resealed:,}個を封じ直しました。{after}",)
    )
