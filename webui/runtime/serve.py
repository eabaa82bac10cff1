"""The web server of a home: waitress, one process, some threads (ADR 0023)."""

from __future__ import annotations

import errno
import signal
from typing import Any, cast

from waitress.server import create_server

from campaigns.api import remove_unfinished
from secure_store.access import system_actor
from secure_store.errors import Unavailable
from secure_store.limits import HEADERS, UPLOAD_BODY
from webui.app import create_app
from webui.runtime import bodies
from webui.services import Services

THREADS = 8
LOOPBACK = "127.0.0.1"
# Above these sizes the server would write bodies and answers into temporary files, unsealed
# (security.md 5.9); no body is longer, and an answer waits for its reader far below it.
BODY_IN_MEMORY = UPLOAD_BODY.most + 2
ANSWER_IN_MEMORY = 256 * 1024 * 1024


class PortTaken(Unavailable):
    """Another process listens on this port."""

    code = "port_taken"


def make_server(
    services: Services, host: str = LOOPBACK, port: int = 0, *, front_server: str | None = None
) -> Any:
    """A server that listens and does not serve yet; port 0 takes any free one.

    ``front_server``: the address of the one machine that is believed when it says, in
    ``X-Forwarded-For``, where a request comes from. From everybody else that header is taken away.
    What an import left half done by a crash is removed before anybody sees a page (decision 14).
    """
    remove_unfinished(services.store, system_actor("web"))
    app = create_app(services)
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident="",
            expose_tracebacks=False,
            clear_untrusted_proxy_headers=True,
            **bodies.believing(front_server),
            max_request_header_size=HEADERS.most,
            channel_timeout=60,
            max_request_body_size=UPLOAD_BODY.most + 1,
            inbuf_overflow=BODY_IN_MEMORY,
            outbuf_overflow=ANSWER_IN_MEMORY,
        )
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(port=port) from None
    server.channel_class = bodies.bounded_channel(app)
    return server


def run(server: Any) -> None:
    """Serves until Ctrl+C or a request to end; pages that are on their way still leave."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run()
    finally:
        server.close()


def port_of(server: Any) -> int:
    """The port it listens on."""
    return cast(int, server.effective_port)


def address(host: str, port: int) -> str:
    """What to type into the browser."""
    return f"http://{host}:{port}/"
