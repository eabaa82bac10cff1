"""権限一覧: the one table of who may do what, as the program itself reads it (S4-8.6g, S4-12.2d)."""

from __future__ import annotations

from flask import Blueprint, render_template

from secure_store.access import Mark, Permission, Role
from secure_store.people.permission_table import TABLE
from secure_store.work import UnitOfWork
from webui.security import ROLE_LABELS, permit
from webui.words.permissions import MARK_WORDS, PERMISSION_WORDS, SCOPE_WORDS

blueprint = Blueprint("permissions", __name__)
PERSONS = tuple(role for role in Role if role is not Role.SYSTEM)


@blueprint.get("/permissions")
@permit(Permission.SEE_STAFF, readonly=True)
def index(work: UnitOfWork) -> str:
    """One line for each permission; rows of rehearsal homes only where they hold."""
    rows = [
        (
            PERMISSION_WORDS[row.permission],
            [SCOPE_WORDS[row.grants[role]] if role in row.grants else "" for role in PERSONS],
            [MARK_WORDS[mark] for mark in Mark if mark in row.marks],
        )
        for row in TABLE
        if row.grants or work.store.is_rehearsal
    ]
    return render_template(
        "permissions/index.html",
        rows=rows,
        roles=[ROLE_LABELS[role] for role in PERSONS],
        scopes=SCOPE_WORDS,
        marks=MARK_WORDS,
    )
