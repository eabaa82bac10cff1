"""Every component with sample content, in rehearsal homes."""

from __future__ import annotations

from flask import Blueprint, render_template

from secure_store.access import Permission
from secure_store.work import UnitOfWork
from webui.security import permit

blueprint = Blueprint("styleguide", __name__)


@blueprint.get("/styleguide")
@permit(Permission.SEE_STYLEGUIDE, readonly=True)
def show(_work: UnitOfWork) -> str:
    """The components as they stand."""
    return render_template("styleguide/index.html")
