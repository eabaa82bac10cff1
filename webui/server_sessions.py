"""Sessions live in the database (decision 18): the cookie holds a random token, the table its
keyed hash, so that a session can be ended, locked and counted by the server."""

from __future__ import annotations

import json
from typing import Any, cast

from flask import Flask, Request, Response, g
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from dialer.api import is_talking
from secure_store.access import system_actor
from secure_store.people import sessions
from webui.terminals import this_terminal
from webui.transactions import services

COOKIE_REHEARSAL = "dialer"
COOKIE_PRODUCTION = "__Host-dialer"
WHOSE = "_user_id"


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """Flask's view of one row: CSRF secret and page messages, never a callee's data.

    ``renew`` asks for a new token; ``goes_on`` keeps the session's age with it.
    """

    def __init__(self, initial: dict[str, Any], token: str | None) -> None:
        def changed(_self: Any) -> None:
            self.modified = True

        super().__init__(initial, changed)
        self.token = token
        self.modified = False
        self.renew = False
        self.goes_on = False
        self.proof = sessions.Proof.NEW


class ServerSessions(SessionInterface):
    """Opens and saves sessions in the record store."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        token = request.cookies.get(self.get_cookie_name(app))
        if token:
            here = this_terminal()
            with services().store.work(system_actor("web"), readonly=True) as work:
                found = sessions.find(work, token, here.code if here else None, is_talking)
            if found is not None:
                g.login_session = found
                # Whose session it is stands under the seal; the state beside it does not.
                return ServerSession({**json.loads(found.state), WHOSE: found.staff_code}, token)
        return ServerSession({}, None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        current = cast(ServerSession, session)
        if not current.modified:
            return
        here = this_terminal()
        with services().store.work(system_actor("web")) as work:
            token = sessions.save(
                work,
                current.token,
                staff_code=current.get(WHOSE),
                state=json.dumps(dict(current)),
                renew=current.renew,
                terminal=here.code if here else None,
                goes_on=current.goes_on,
                proof=current.proof,
            )
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            httponly=True,
            samesite="Strict",
            secure=not services().settings.is_rehearsal,
            path="/",
        )
