"""個人情報の保管場所一覧: made from the models, to be printed (S4-8.6e, S4-16.1-1)."""

from __future__ import annotations

from flask import Blueprint, render_template

from campaigns.api import current_profile
from secure_store.access import Permission
from secure_store.inventory_counts import counted_inventory
from secure_store.work import UnitOfWork
from webui.security import permit
from webui.transactions import services
from webui.words import inventory as words

blueprint = Blueprint("inventory", __name__)


@blueprint.get("/inventory")
@permit(Permission.SEE_INVENTORY)
def show(work: UnitOfWork) -> str:
    """Every place of personal data, with group, key and how much lies there now."""
    settings = services().settings
    is_server = not settings.database_url.startswith("sqlite")
    return render_template(
        "inventory/show.html",
        counted=counted_inventory(work),
        profile=current_profile(work),
        now=work.now,
        database="PostgreSQL（データサーバ）" if is_server else str(settings.home / "dialer.db"),
        key_store=str(settings.keystore),
        home=str(settings.home),
        words=words,
    )
