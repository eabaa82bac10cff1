"""The real web server on a free port, and bytes on the wire."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from webui.runtime.serve import make_server, port_of
from webui.services import Services


@contextmanager
def listening(home: Services, *, front_server: str | None = None) -> Iterator[int]:
    """The port of a real web server that serves this home until the end."""
    server = make_server(home, front_server=front_server)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield port_of(server)
    finally:
        server.trigger.pull_trigger(server.close)
        thread.join(20)
        server.task_dispatcher.shutdown()


def answer_to(port: int, head: str, body: bytes = b"") -> str:
    """What comes back when only this much is sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(f"{head}\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() + body)
        told = b""
        # A connection that is cut off while it is still sending may lose the answer.
        with suppress(ConnectionResetError):
            while b"100 Continue" not in told and (piece := wire.recv(100_000)):
                told += piece
        return told.decode("utf-8", "replace")
