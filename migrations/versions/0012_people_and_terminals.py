"""Second factors, throttled log-ins, registered terminals, views counted

Accounts and sessions get a keyed hash over their row. Passwords are kept under a secret since
this revision: accounts made before need a new first password.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TERMINAL_KINDS = ("operator", "supervisor")
WATCHED = ("view", "search", "dial")
ALERTS = ("many_views", "too_many_views", "too_many_searches", "views_without_dial")
NEW_COLUMNS = {
    "staff_member": (
        ("locked_elsewhere_at", UTCDateTime()),
        ("password_set_at", UTCDateTime()),
        ("first_password_until", UTCDateTime()),
        ("last_login_at", UTCDateTime()),
        ("made_by", sa.String(length=16)),
        ("approved_by", sa.String(length=16)),
        ("seal", sa.String(length=64)),
    ),
    "login_session": (
        ("authenticated_at", UTCDateTime()),
        ("terminal", sa.String(length=16)),
        ("seal", sa.String(length=64)),
    ),
}


def upgrade() -> None:
    for table, columns in NEW_COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    _proofs()
    _terminals()
    _watched()


def downgrade() -> None:
    for table in (
        "found_case",
        "watch_alert",
        "watched_act",
        "security_key",
        "registered_terminal",
        "known_terminal",
        "login_failure",
    ):
        op.drop_table(table)
    for table, columns in NEW_COLUMNS.items():
        for name, _kind in columns:
            op.drop_column(table, name)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _words(name: str, words: tuple[str, ...], check: str) -> sa.Column[str]:
    kind = sa.Enum(*words, name=check, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False)


def _proofs() -> None:
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Uuid(), nullable=False),
        _instant("at"),
        _text("account", 64),
        _text("terminal", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    for name in ("at", "account", "terminal"):
        op.create_index(op.f(f"ix_login_failure_{name}"), "login_failure", [name])
    op.create_table(
        "known_terminal",
        _text("account", 64),
        _text("terminal", 64),
        _instant("last_at"),
        sa.PrimaryKeyConstraint("account", "terminal", name=op.f("pk_known_terminal")),
    )
    op.create_table(
        "security_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("staff_code", 16),
        _text("credential", 1400),
        sa.Column("public_key", sa.Text(), nullable=False),
        _text("site", 253),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("is_spare", sa.Boolean(), nullable=False),
        _instant("registered_at"),
        _instant("last_used_at", nullable=True),
        _instant("revoked_at", nullable=True),
        _text("seal", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
        sa.UniqueConstraint("credential", name=op.f("uq_security_key_credential")),
    )
    op.create_index(op.f("ix_security_key_staff_code"), "security_key", ["staff_code"])


def _terminals() -> None:
    op.create_table(
        "registered_terminal",
        _text("code", 16),
        _text("label", 40),
        _words("kind", TERMINAL_KINDS, "terminalkind"),
        _text("secret_hash", 64),
        sa.Column("addresses", sa.Text(), nullable=False),
        _instant("enrolled_at"),
        _text("enrolled_by", 16),
        _instant("revoked_at", nullable=True),
        _text("revoked_by", 16, nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_registered_terminal")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_registered_terminal_secret_hash")),
    )


def _watched() -> None:
    op.create_table(
        "watched_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("staff_code", 16),
        _words("kind", WATCHED, "watchedkind"),
        _instant("at"),
        sa.Column("case_ref", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_act")),
    )
    op.create_index("ix_watched_act_person", "watched_act", ["staff_code", "at"])
    op.create_table(
        "watch_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("staff_code", 16),
        _words("kind", ALERTS, "alertkind"),
        _instant("at"),
        sa.Column("count", sa.Integer(), nullable=False),
        _instant("seen_at", nullable=True),
        _text("seen_by", 16, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_alert")),
    )
    op.create_index(op.f("ix_watch_alert_at"), "watch_alert", ["at"])
    op.create_table(
        "found_case",
        _text("staff_code", 16),
        sa.Column("case_ref", sa.Uuid(), nullable=False),
        _instant("found_at"),
        sa.PrimaryKeyConstraint("staff_code", "case_ref", name=op.f("pk_found_case")),
    )
