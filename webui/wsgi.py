"""The application for a web server of the operator's choice: `webui.wsgi:application`."""

from __future__ import annotations

from webui.app import create_app
from webui.runtime.settings import find_home
from webui.runtime.wiring import open_home

application = create_app(open_home(find_home(None)))
