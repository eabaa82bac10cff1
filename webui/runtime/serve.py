"""The web server of a home: waitress, one process, some threads (ADR 0023)."""

from __future__ import annotations

from typing import Any, cast

from waitress.server import create_server

from campaigns.api import remove_unfinished
from secure_store.access import system_actor
from webui.app import create_app
from webui.services import Services

THREADS = 8
LOOPBACK = "127.0.0.1"


def make_server(services: Services, host: str = LOOPBACK, port: int = 0) -> Any:
    """A server that listens and does not serve yet; port 0 takes any free one.

    What an import left half done by a crash is removed before anybody sees a page (decision 14).
    """
    remove_unfinished(services.store, system_actor("web"))
    return create_server(
        create_app(services),
        host=host,
        port=port,
        threads=THREADS,
        ident="",
        expose_tracebacks=False,
        clear_untrusted_proxy_headers=True,
        max_request_header_size=16 * 1024,
        channel_timeout=60,
    )


def port_of(server: Any) -> int:
    """The port it listens on."""
    return cast(int, server.effective_port)


def address(host: str, port: int) -> str:
    """What to type into the browser."""
    return f"http://{host}:{port}/"
