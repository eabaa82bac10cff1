"""``dialer backup``: registered media, backups, and the way back through quarantine.

``restore`` and ``release`` ask for no person: the accounts lie in the database that is gone.
Who may run them is who may read the passphrase file of the key store.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from campaigns.api import current_profile, purge_erased_rows
from secure_store import schema
from secure_store.access import Actor, Permission
from secure_store.backups import register, running
from secure_store.backups.media import media, register_medium, retire_medium
from secure_store.backups.release import Released, release
from secure_store.sealing.scopes import DestroyedKey
from webui.cli.arguments import Commands, command, noun
from webui.cli.context import COMMAND_LINE, Context
from webui.cli.output import Answer

MANAGE = Permission.MANAGE_BACKUPS


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "backup", "バックアップ")
    medium = command(verbs, "medium", add_medium, "媒体を登録する")
    medium.add_argument("code", metavar="CODE", help="媒体の番号（BK01 など）")
    medium.add_argument("--serial", required=True, metavar="TEXT", help="媒体の製造番号")
    medium.add_argument("--folder", required=True, type=Path, metavar="DIR", help="媒体の場所")
    retiring = command(
        verbs, "retire", retire, "媒体の使用を終える（バックアップが残っていれば断る）"
    )
    retiring.add_argument("code", metavar="CODE")
    running_ = command(verbs, "run", run, "登録した媒体にバックアップを取る")
    running_.add_argument("--medium", required=True, metavar="CODE")
    command(verbs, "list", listed, "媒体とバックアップの一覧")
    checking = command(verbs, "verify", verify, "バックアップを最後まで読み、台帳と比べる")
    checking.add_argument("number", metavar="NUMBER", help="バックアップの番号（B-20220915-001）")
    bringing = command(verbs, "restore", restore, "バックアップを戻し、抹消済みの鍵を当て直す")
    bringing.add_argument("file", type=Path, metavar="FILE")
    bringing.add_argument("--shut", action="store_true", help="戻すだけで、使用は止めたままにする")
    command(verbs, "release", put_right, "戻したデータに抹消を当て直し、使えるようにする")


def add_medium(context: Context) -> Answer:
    """Registers a medium and labels it (S4-16.1-1)."""
    given = context.given
    folder = given.folder.expanduser().resolve()
    with context.work(MANAGE) as work:
        view = register_medium(work, given.code.upper(), given.serial, folder)
        running.label_medium(context.store, view)
    document = {"medium": view.code, "serial": view.serial, "folder": view.folder}
    return Answer(document, (f"媒体 {view.code}（{view.serial}）を登録しました: {view.folder}",))


def retire(context: Context) -> Answer:
    code = context.given.code.upper()
    with context.work(MANAGE) as work:
        retire_medium(work, code)
    return Answer({"medium": code, "retired": True}, (f"媒体 {code} の使用を終えました。",))


def run(context: Context) -> Answer:
    """A backup of the running home."""
    actor = context.actor(MANAGE)
    code = context.given.medium.upper()
    view = running.run_backup(context.store, actor, code, _keep(context, actor))
    text = f"バックアップ {view.number} を取りました（{view.rows:,}行、{view.size:,}バイト）: {view.path}"
    return Answer(_document(view), (text,))


def listed(context: Context) -> Answer:
    with context.work(MANAGE, readonly=True) as work:
        places, backups = media(work), register.all_backups(work)
    lines = [f"{m.code} {m.serial} {m.folder} 残り{m.live}件" for m in places]
    lines += [f"{b.number} {b.medium} {_state(b)}" for b in backups]
    document = {
        "media": [{"medium": m.code, "serial": m.serial, "live": m.live} for m in places],
        "backups": [_document(b) for b in backups],
    }
    return Answer(document, tuple(lines) or ("媒体がまだ登録されていません。",))


def _document(view: register.BackupView) -> dict[str, object]:
    return {
        "number": view.number,
        "medium": view.medium,
        "path": view.path,
        "taken_at": view.taken_at,
        "expires_at": view.expires_at,
        "size": view.size,
        "sha256": view.sha256,
        "rows": view.rows,
        "is_sound": view.is_sound,
        "destroyed_at": view.destroyed_at,
    }


def _state(view: register.BackupView) -> str:
    if view.destroyed_at is not None:
        return "抹消済み"
    return {None: "未検証", True: "検証済み", False: "使えません"}[view.is_sound]


def verify(context: Context) -> Answer:
    """Exit 1 when the backup is not sound; the result is in the register either way."""
    actor = context.actor(MANAGE)
    view = running.verify_backup(context.store, actor, context.given.number.upper())
    return Answer(
        _document(view), (f"バックアップ {view.number} は最後まで開け、台帳と一致しました。",)
    )


def restore(context: Context) -> Answer:
    """Brings a backup back; the home stays shut until its tombstones are applied."""
    services = context.shut_services
    restored = running.restore(services.store, context.given.file.expanduser())
    schema.upgrade(services.store.engine)
    running.note_restored(services.store, COMMAND_LINE, restored)
    document: dict[str, object] = {
        "number": restored.number,
        "taken_at": restored.taken_at,
        "rows": restored.rows,
        "files": restored.files,
        "quarantined": True,
    }
    lines = (f"バックアップ {restored.number}（{restored.taken_at}）を戻しました。",)
    if context.given.shut:
        text = "使用は止めたままです。dialer backup release で抹消を当て直すと使えます。"
        return Answer(document, (*lines, text))
    released = _release(context, restored.tombstones)
    return Answer({**document, **_released(released)}, (*lines, _said(released)))


def put_right(context: Context) -> Answer:
    """Applies the tombstones and opens the home; does no harm when nothing was brought back."""
    schema.upgrade(context.shut_services.store.engine)
    released = _release(context, ())
    return Answer(_released(released), (_said(released),))


def _release(context: Context, more: tuple[DestroyedKey, ...]) -> Released:
    store = context.shut_services.store
    return release(store, COMMAND_LINE, purge_erased_rows, _keep(context, COMMAND_LINE), more)


def _keep(context: Context, actor: Actor) -> timedelta:
    with context.store.work(actor, readonly=True) as work:
        return timedelta(days=current_profile(work).parameters.backup_keep_days)


def _released(released: Released) -> dict[str, object]:
    return {
        "quarantined": False,
        "reason": None if released.reason is None else released.reason.value,
        "tombstones": released.tombstones,
        "keys_destroyed_again": released.keys_destroyed_again,
        "rows_removed": released.rows_removed,
        "files_removed": released.files_removed,
        "backups_adopted": released.backups_adopted,
    }


def _said(released: Released) -> str:
    return (
        f"抹消済みの鍵 {released.tombstones:,}件を当て直しました"
        f"（鍵 {released.keys_destroyed_again:,}、行 {released.rows_removed:,}、"
        f"ファイル {released.files_removed:,}）。使えます。"
    )
