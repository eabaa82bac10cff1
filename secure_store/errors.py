"""The errors of the system.

Every error is a class with a stable ``code``; its docstring is the sentence for developers.
The Japanese sentence for screens and the command line stands in ``webui/errors.py``,
one per code. Details hold counts, codes, times and ids only, never a value typed by or
about a person.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """Something was refused."""

    code: ClassVar[str] = "refused"

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.sentence())

    @classmethod
    def _summary(cls) -> str:
        return (cls.__doc__ or cls.__name__).strip().split("\n")[0]

    def sentence(self) -> str:
        """The first docstring line, with the short details in brackets."""
        short = {
            key: value
            for key, value in self.details.items()
            if isinstance(value, str | int | float)
        }
        if not short:
            return self._summary()
        listed = ", ".join(f"{key}={value}" for key, value in sorted(short.items()))
        return f"{self._summary()} ({listed})"


class NotFound(DomainError):
    """There is no such thing, or it is outside of what this person may know of."""

    code = "not_found"


class OutOfReach(NotFound):
    """It is none of this person's; answered like a thing that is not there, and noted."""

    code = "out_of_reach"


class NotAllowed(DomainError):
    """This person may not do this."""

    code = "not_allowed"


class Conflict(DomainError):
    """The state has changed, or does not permit this now."""

    code = "conflict"


class Invalid(DomainError):
    """The input is not usable as it stands."""

    code = "invalid"


class Unavailable(DomainError):
    """The system cannot do this at the moment; nothing was changed."""

    code = "unavailable"
