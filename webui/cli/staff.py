"""``dialer staff add|list|unlock``: accounts (S4-8.6g, S4-9.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from secure_store.access import Permission, Role
from secure_store.people.login import unlock
from secure_store.people.staff import NewStaff, StaffView, add_staff, first_password, list_staff
from secure_store.work import UnitOfWork
from webui.cli.arguments import Commands, codes, command, day, noun
from webui.cli.context import Context, PersonMissing
from webui.cli.output import Answer
from webui.runtime.wiring import FOUNDER
from webui.security import ROLE_LABELS
from webui.words.staff import BAR_WORDS

PERSON_ROLES = [role for role in Role if role is not Role.SYSTEM]


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "staff", "利用者")
    add = command(verbs, "add", add_one, "利用者を登録し、最初のパスワードを出す")
    add.add_argument("code", metavar="CODE", help="利用者番号")
    add.add_argument("--name", required=True, help="氏名")
    add.add_argument("--role", required=True, type=Role, choices=PERSON_ROLES, help="役割")
    add.add_argument(
        "--receivables", type=codes, default=(), metavar="A01,A02", help="担当する債権"
    )
    add.add_argument("--pledge", type=day, metavar="DAY", help="誓約書の日")
    add.add_argument("--training", type=day, metavar="DAY", help="研修の日")
    add.add_argument("--reported", type=day, metavar="DAY", help="委託者への届出の日")
    add.add_argument("--on-chart", action="store_true", help="提出した体制表に載っている")
    add.add_argument("--with", dest="second", metavar="CODE", help="確認する業務管理者")
    command(verbs, "list", list_all, "利用者の一覧")
    free = command(
        verbs, "unlock", unlock_one, "ロックした利用者を解除する（鍵庫を開ける人。--as は不要）"
    )
    free.add_argument("code", metavar="CODE", help="利用者番号")


def add_one(context: Context) -> Answer:
    """Adds an account: an administrator and a supervisor together.

    The first one of a production home is its system administrator, added by whoever opens the
    home; the administrator alone adds the first supervisor.
    """
    given = context.given
    new = NewStaff(
        code=given.code.strip().upper(),
        display_name=given.name,
        role=given.role,
        receivables=given.receivables,
        pledge_on=given.pledge,
        training_on=given.training,
        reported_on=given.reported,
        is_on_chart=given.on_chart,
    )
    password = first_password(context.store, new.code)
    second = given.second and context.person(given.second, Permission.APPROVE_STAFF)
    with _adding(context, new) as work:
        view = add_staff(work, new, password, second)
    document = {**_document(view), "first_password": password.text}
    return Answer(document, (f"{view.code} を登録しました。最初のパスワード: {password.text}",))


@contextmanager
def _adding(context: Context, new: NewStaff) -> Iterator[UnitOfWork]:
    if getattr(context.given, "person", None):
        with context.work(Permission.MANAGE_STAFF) as work:
            yield work
        return
    with context.store.work(FOUNDER) as work:
        # Nobody can log in to a home without accounts: whoever can open it adds the first one.
        if list_staff(work) or new.role is not Role.SYSTEM_ADMIN:
            raise PersonMissing
        yield work


def unlock_one(context: Context) -> Answer:
    """Frees a locked account. Needs nobody logged in: perhaps every account is locked."""
    code = context.given.code.strip().upper()
    with _unlocking(context) as work:
        unlock(work, code)
    return Answer({"code": code, "is_locked": False}, (f"{code} のロックを解除しました。",))


@contextmanager
def _unlocking(context: Context) -> Iterator[UnitOfWork]:
    if getattr(context.given, "person", None):
        with context.work(Permission.UNLOCK_STAFF) as work:
            yield work
        return
    with context.store.work(FOUNDER) as work:
        yield work


def list_all(context: Context) -> Answer:
    """All accounts, and why one cannot be used."""
    with context.work(Permission.SEE_STAFF, readonly=True) as work:
        views = list_staff(work)
    lines = tuple(
        f"{view.code:8} {ROLE_LABELS[view.role]}  {view.display_name}"
        + (f"（{BAR_WORDS[view.bar]}）" if view.bar else "")
        for view in views
    )
    return Answer({"staff": [_document(view) for view in views]}, lines)


def _document(view: StaffView) -> dict[str, object]:
    return {
        "code": view.code,
        "name": view.display_name,
        "role": view.role.value,
        "receivables": list(view.receivables),
        "bar": view.bar.value if view.bar else None,
        "is_locked": view.is_locked,
    }
