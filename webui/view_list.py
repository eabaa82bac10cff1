"""All screens of the application; a new file in views/ is named here."""

from __future__ import annotations

from webui.views import health, login, styleguide

ALL_VIEWS = (
    health,
    login,
    styleguide,
)
