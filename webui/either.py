"""A route that two roles open by different permissions: each enters by its own, others by none."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from secure_store.access import Permission
from webui.security import current_actor, permit

View = TypeVar("View", bound=Callable[..., Any])


def permit_either(
    first: Permission, second: Permission, *, readonly: bool = False, opens: str = "work"
) -> Callable[[View], View]:
    """``permit`` for whichever of two permissions the person holds; refused and noted otherwise.

    The view carries both in ``permissions``, so that the matrix of routes can be checked.
    """

    def mark(view: View) -> View:
        guards = {one: permit(one, readonly=readonly, opens=opens)(view) for one in (first, second)}

        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            held = next((one for one in (first, second) if actor.may(one)), first)
            return guards[held](*args, **kwargs)

        guarded.__dict__["permission"] = first
        guarded.__dict__["permissions"] = (first, second)
        return cast(View, guarded)

    return mark
