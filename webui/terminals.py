"""Which registered terminal a request comes from: a secret cookie and the address (decision 18)."""

from __future__ import annotations

from dataclasses import replace

from flask import g, request
from werkzeug.wrappers import Response

from secure_store.access import Actor, Role, system_actor
from secure_store.people.terminals import Terminal, has_terminals, terminal_of
from webui.transactions import services

COOKIE_REHEARSAL = "dialer-terminal"
COOKIE_PRODUCTION = "__Host-dialer-terminal"
LASTS_SECONDS = 400 * 24 * 3600  # thirteen months; browsers keep nothing longer

# They see nobody's data, and somebody has to register the first terminal.
ANYWHERE = frozenset({Role.SYSTEM_ADMIN})


def cookie_name() -> str:
    """The browser lets a page without TLS set no cookie of the production name."""
    return COOKIE_REHEARSAL if services().settings.is_rehearsal else COOKIE_PRODUCTION


def this_terminal() -> Terminal | None:
    """The registered terminal of this request, looked up once."""
    if "terminal" not in g:
        told = request.cookies.get(cookie_name())
        g.terminal = None
        if told:
            with services().store.work(system_actor("web"), readonly=True) as work:
                g.terminal = terminal_of(work, told, request.remote_addr)
    found: Terminal | None = g.terminal
    return found


def at_this_terminal(actor: Actor) -> Actor:
    """The actor, with where the request comes from."""
    found = this_terminal()
    if found is None:
        return replace(actor, terminal=_address())
    return replace(actor, terminal=found.code, terminal_kind=found.kind)


def _address() -> str | None:
    """The address as a code of the audit trail; a colon would not be one."""
    return f"ip-{request.remote_addr.replace(':', '.')}"[:32] if request.remote_addr else None


def is_stranger(role: Role) -> bool:
    """True when this role may not work here: the terminal is none of the registered ones."""
    return role not in ANYWHERE and is_strange()


def is_strange() -> bool:
    """True where only the roles of ``ANYWHERE`` may work.

    Rehearsal homes ask for terminals from the first registered one on, production homes always.
    """
    if this_terminal() is not None:
        return False
    if not services().settings.is_rehearsal:
        return True
    with services().store.work(system_actor("web"), readonly=True) as work:
        return has_terminals(work)


def keep_terminal(response: Response, told: str) -> Response:
    """Puts the secret into this browser, where no script can read it."""
    response.set_cookie(
        cookie_name(),
        told,
        max_age=LASTS_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=not services().settings.is_rehearsal,
        path="/",
    )
    return response
