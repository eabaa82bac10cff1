"""``dialer init`` and ``dialer upgrade``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from secure_store import schema
from secure_store.sealing_access import public_key_pem
from webui.cli.arguments import Commands, command
from webui.cli.context import Context, RehearsalOnly
from webui.cli.output import Answer
from webui.home_settings import HomeSettings
from webui.rehearsal.persons import READY_PERSONS, REHEARSAL_PASSWORD
from webui.rehearsal.setup import populate
from webui.runtime.rehearsal_clock import set_clock
from webui.runtime.settings import HomeExists
from webui.runtime.wiring import create_home, new_settings
from webui.security import ROLE_LABELS
from webui.services import Services

PUBLIC_KEY = "public-key.pem"


def add_to(commands: Commands) -> None:
    parser = command(commands, "init", init, "ホームを作る")
    parser.add_argument("--rehearsal", action="store_true", help="訓練のホームにする")
    parser.add_argument("--keystore", type=Path, metavar="DIR", help="鍵の保管庫のフォルダ")
    parser.add_argument(
        "--database", metavar="URL", help="データベース（既定はホームの中のSQLite）"
    )
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="取り外せる媒体の鍵ファイル（dialer keys init）",
    )
    parser.add_argument("--token-module", type=Path, metavar="FILE", help="PKCS#11のモジュール")
    parser.add_argument("--token", metavar="LABEL", default="", help="鍵モジュールのトークンの名前")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="鍵の保管庫のパスフレーズのファイル"
    )
    parser.add_argument(
        "--level-c", action="store_true", help="鍵とデータベースを同じ装置に置くことを認める"
    )
    command(commands, "upgrade", upgrade, "データベースの表を新しくする")


def init(context: Context) -> Answer:
    """Makes a home; a rehearsal home gets its ready persons, outcome table and scripts."""
    given = context.given
    settings = new_settings(
        context.home,
        is_rehearsal=given.rehearsal,
        database_url=given.database,
        keystore=given.keystore and given.keystore.expanduser().resolve(),
        passphrase_file=given.passphrase_file and given.passphrase_file.expanduser().resolve(),
        accepts_level_c=given.level_c,
    )
    settings = replace(
        settings,
        key_file=given.key_file and given.key_file.expanduser().resolve(),
        token_module=given.token_module and given.token_module.expanduser().resolve(),
        token_label=given.token,
    )
    if context.now is not None and not settings.is_rehearsal:
        raise RehearsalOnly(option="--now")
    services = make_home(context, settings)
    return _answer(services)


def make_home(context: Context, settings: HomeSettings) -> Services:
    """A new home as ``init`` and ``demo`` make it. Raises HomeExists."""
    if (settings.home / "home.toml").exists():
        raise HomeExists
    if context.now is not None:
        # From its first row on the home lives in the time of its clock.
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        set_clock(settings, context.now)
    services = context.use(create_home(settings))
    if settings.is_rehearsal:
        populate(services)
    (settings.home / PUBLIC_KEY).write_text(public_key_pem(services.store), encoding="ascii")
    return services


def _answer(services: Services) -> Answer:
    settings = services.settings
    persons = READY_PERSONS if settings.is_rehearsal else ()
    document: dict[str, object] = {
        "home": settings.home,
        "is_rehearsal": settings.is_rehearsal,
        "installation": settings.installation,
        "keystore": settings.keystore,
        "public_key": settings.home / PUBLIC_KEY,
        "persons": [
            {"code": one.code, "name": one.display_name, "role": one.role.value} for one in persons
        ],
    }
    kind = "訓練のホーム" if settings.is_rehearsal else "本番のホーム"
    lines = [f"{kind}を作りました: {settings.home}", f"公開鍵: {document['public_key']}"]
    if settings.is_rehearsal:
        document["password"] = REHEARSAL_PASSWORD
        lines += person_lines()
    else:
        lines.append("次に dialer staff add で最初のシステム管理者を登録します。")
    return Answer(document, tuple(lines))


def person_lines() -> list[str]:
    """The ready persons of a rehearsal home, for a person to read."""
    listed = [
        f"  {one.code}  {one.display_name}（{ROLE_LABELS[one.role]}）" for one in READY_PERSONS
    ]
    return [*listed, f"  パスワード: {REHEARSAL_PASSWORD}"]


def upgrade(context: Context) -> Answer:
    """Brings the tables of a home to the newest revision; does nothing when they are there."""
    schema.upgrade(context.services.store.engine)
    home = context.services.settings.home
    return Answer({"home": home, "upgraded": True}, ("データベースの表は最新です。",))
