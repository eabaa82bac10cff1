"""What a command is given: the home, the person, and units of work under the same permissions.

Who acts is always said with ``--as``; there is no person by default, in rehearsal homes neither
(S4-8.6g). The password is one line on standard input; rehearsal homes ask for none.
"""

from __future__ import annotations

import secrets
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from getpass import getpass
from pathlib import Path

from secure_store.access import Actor, Permission, require, system_actor
from secure_store.audit.tags import Result, Tag
from secure_store.errors import Invalid, NotAllowed
from secure_store.people.login import prove
from secure_store.people.staff import LoginRefused, actor_of, must_change_password
from secure_store.people.throttle import LoginAnswer
from secure_store.work import SecureStore, UnitOfWork
from webui.cli.output import Output
from webui.runtime.rehearsal_clock import set_clock
from webui.runtime.settings import find_home
from webui.runtime.wiring import open_home, open_quarantined
from webui.services import Services

COMMAND_LINE = system_actor("cli")
LONGEST_LINE = 1100


class PersonMissing(Invalid):
    """A business command needs ``--as CODE``."""

    code = "person_missing"


class PasswordChangeNeeded(NotAllowed):
    """The first password must be changed in the browser before it opens anything else."""

    code = "password_change_needed"


class RehearsalOnly(NotAllowed):
    """Only a rehearsal home does this."""

    code = "rehearsal_only"


class Context:
    """One run of the command line."""

    def __init__(self, given: Namespace, output: Output) -> None:
        self.given = given
        self.output = output
        self._services: Services | None = None

    @property
    def now(self) -> datetime | None:
        """The instant given with ``--now``."""
        return getattr(self.given, "now", None)

    @property
    def home(self) -> Path:
        """The home of ``--home`` or $DIALER_HOME. Raises HomeMissing."""
        return find_home(getattr(self.given, "home", None))

    @property
    def services(self) -> Services:
        """The open home, its clock set when ``--now`` was given (production refuses)."""
        if self._services is None:
            self.use(open_home(self.home))
        assert self._services is not None  # noqa: S101 - narrows the type
        return self._services

    @property
    def shut_services(self) -> Services:
        """The home even while it is in quarantine, for putting it right."""
        if self._services is None:
            self._services = open_quarantined(self.home)
        return self._services

    def use(self, services: Services) -> Services:
        """Takes this home as the one the command works on."""
        self._services = services
        if self.now is not None:
            move_clock(services, self.now)
        return services

    @property
    def store(self) -> SecureStore:
        return self.services.store

    def require_rehearsal(self) -> None:
        """Raises RehearsalOnly in a production home."""
        if not self.services.settings.is_rehearsal:
            raise RehearsalOnly

    def actor(self, permission: Permission | None = None) -> Actor:
        """The person of ``--as``, holding the permission. Raises PersonMissing, LoginRefused."""
        return self.person(getattr(self.given, "person", None), permission)

    def person(self, code: str | None, permission: Permission | None = None) -> Actor:
        """One more person, named by another option, with a password of their own."""
        if not code:
            raise PersonMissing
        actor = self._logged_in(code.strip().upper())
        if permission is not None:
            with self.refusals_noted(actor):
                require(actor, permission)
        return actor

    def _logged_in(self, code: str) -> Actor:
        is_rehearsal = self.services.settings.is_rehearsal
        if not is_rehearsal:
            self._check_password(code)
        with self.store.work(COMMAND_LINE, readonly=True) as work:
            return actor_of(work, code, request_id=secrets.token_hex(8), rehearsal=is_rehearsal)

    def _check_password(self, code: str) -> None:
        password = _read_password(code)
        answer = prove(self.store, COMMAND_LINE, code, password)
        with self.store.work(COMMAND_LINE, readonly=True) as work:
            must_change = must_change_password(work, code)
        if answer is not LoginAnswer.ACCEPTED:
            raise LoginRefused(answer=answer.value)
        if must_change:
            raise PasswordChangeNeeded

    @contextmanager
    def refusals_noted(self, actor: Actor) -> Iterator[None]:
        """A refusal goes into the audit trail before it is told, as on the screens."""
        try:
            yield
        except NotAllowed as refusal:
            with self.store.work(actor) as work:
                work.audit(Tag.AUTH_REFUSED, result=Result.DENIED, reason=refusal.code)
            raise

    @contextmanager
    def work(self, permission: Permission, *, readonly: bool = False) -> Iterator[UnitOfWork]:
        """One unit of work of the person of ``--as``."""
        actor = self.actor(permission)
        with self.refusals_noted(actor), self.store.work(actor, readonly=readonly) as work:
            yield work

    def close(self) -> None:
        if self._services is not None:
            self._services.store.engine.dispose()


def move_clock(services: Services, instant: datetime) -> None:
    """Sets the clock of a rehearsal home and notes it. Raises ClockNotMovable."""
    set_clock(services.settings, instant)
    with services.store.work(COMMAND_LINE) as work:
        work.audit(Tag.CLOCK_MOVED)


def _read_password(code: str) -> str:
    if sys.stdin.isatty():
        return getpass(f"{code} のパスワード: ")
    return sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
