"""From the greeting to the guidance: which step of the script opens a stage, and what has been
compared before the agent decides (S4-11.3a-1).

A comparison is noted item by item; only the agent's own act judges it (``confirm_identity``).
An item the lent row leaves empty proves nothing: it counts as the one slip, so that the spare item
is asked in its place, whatever is clicked.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from campaigns.calling.models import CaseHandling
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult, Stage
from campaigns.desk import agent, identity
from campaigns.desk.desk_view import identity_results
from campaigns.desk.handlings import case_of, own_handling
from campaigns.desk.identity_values import identity_lines
from campaigns.desk.opened import open_contact, open_identity
from campaigns.errors import IdentityNotConfirmed, SlipNotNamed
from scripts_talk import api as talk
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

Results = Mapping[identity.IdentityItem, identity.ItemResult]
NOT_ASKED = identity.ItemResult.NOT_ASKED


def open_script(work: UnitOfWork, handling_id: UUID) -> None:
    """Puts the first words to be spoken on the desk, so that they are there when it is answered."""
    row = own_handling(work, handling_id)
    if row.script_id is None:
        return
    script = talk.script_of(work, row.script_id)
    outbound = talk.Direction(row.direction.value) is talk.Direction.OUTBOUND
    first = talk.opening_steps(script, script.start if outbound else script.inbound_start)
    if first:
        row.script_step = first[0].id


def start_comparing(work: UnitOfWork, handling_id: UUID) -> None:
    """Stage 2 with its own words. Raises PermitMissing while nobody is on the line."""
    require(work.actor, Permission.TAKE_CASE)
    agent.begin_identity(work, handling_id)
    row = own_handling(work, handling_id)
    _to_first_step(work, row, Stage.IDENTITY)
    if row.stage is Stage.IDENTITY:
        note_comparison(work, handling_id, {})


def note_comparison(work: UnitOfWork, handling_id: UUID, results: Results) -> IdentityResult:
    """Keeps which items matched so far and says what they would come to. Judges nothing yet.

    An item not named keeps its earlier result. Raises IdentityNotConfirmed outside stage 2,
    PermitMissing while nobody is on the line.
    """
    require(work.actor, Permission.TAKE_CASE)
    row = own_handling(work, handling_id)
    agent.require_connected(work, row)
    if row.stage is not Stage.IDENTITY:
        raise IdentityNotConfirmed
    merged = {**identity_results(row), **results}
    required, spares = agent.identity_items(work, row, case_of(work, row))
    for item in _not_lent(work, case_of(work, row), required | spares):
        if item in required or merged.get(item) is identity.ItemResult.MATCH:
            merged[item] = identity.ItemResult.MISMATCH
    row.identity_items = " ".join(f"{item.value}:{found.value}" for item, found in merged.items())
    return _would_be(work, row, merged)


def all_match(work: UnitOfWork, handling_id: UUID) -> IdentityResult:
    """「一致した」 of the script: at its first identity step every required item not compared yet,
    at a later one the spare item. Raises SlipNotNamed while no item is noted as the one slip.
    """
    row = own_handling(work, handling_id)
    before = identity_results(row)
    required, spares = agent.identity_items(work, row, case_of(work, row))
    if row.script_step == _first_step(work, row, Stage.IDENTITY):
        asked = frozenset(item for item in required if before.get(item, NOT_ASKED) is NOT_ASKED)
    else:
        asked = identity.spare_allowed(before, required, spares=spares)
        if not asked:
            raise SlipNotNamed
    return note_comparison(work, handling_id, dict.fromkeys(asked, identity.ItemResult.MATCH))


def comparison_so_far(work: UnitOfWork, handling_id: UUID) -> IdentityResult:
    """What the items noted so far would come to."""
    row = own_handling(work, handling_id)
    return _would_be(work, row, identity_results(row))


def spare_answer(work: UnitOfWork, handling_id: UUID) -> identity.ItemResult:
    """What was found for the spare item."""
    row = own_handling(work, handling_id)
    _, spares = agent.identity_items(work, row, case_of(work, row))
    found = identity_results(row)
    return next((found[item] for item in spares if item in found), identity.ItemResult.NOT_ASKED)


def forget_spare(work: UnitOfWork, handling_id: UUID) -> None:
    """Takes the answer to the spare item back; it may then be asked again."""
    row = own_handling(work, handling_id)
    _, spares = agent.identity_items(work, row, case_of(work, row))
    note_comparison(work, handling_id, dict.fromkeys(spares, NOT_ASKED))


def finish_comparing(
    work: UnitOfWork, handling_id: UUID, *, refused: bool = False
) -> IdentityResult:
    """Judges what was noted; a pass opens stage 3 at its first words."""
    require(work.actor, Permission.TAKE_CASE)
    row = own_handling(work, handling_id)
    result = agent.confirm_identity(work, handling_id, identity_results(row), refused=refused)
    if result is IdentityResult.PASSED:
        _to_first_step(work, row, Stage.GUIDANCE)
    return result


def _not_lent(
    work: UnitOfWork, case: CallCase, items: frozenset[identity.IdentityItem]
) -> list[identity.IdentityItem]:
    """The items without a lent value: nothing can match them."""
    lent = identity_lines(open_contact(work, case), open_identity(work, case), items, items, {})
    return [line.item for line in lent if not line.value]


def _would_be(work: UnitOfWork, row: CaseHandling, results: Results) -> IdentityResult:
    required, spares = agent.identity_items(work, row, case_of(work, row))
    return identity.check(results, required, spares=spares)


def _to_first_step(work: UnitOfWork, row: CaseHandling, stage: Stage) -> None:
    step = _first_step(work, row, stage)
    if row.stage is stage and step is not None:
        row.script_step = step


def _first_step(work: UnitOfWork, row: CaseHandling, stage: Stage) -> str | None:
    if row.script_id is None:
        return None
    script = talk.script_of(work, row.script_id)
    walkable = talk.walkable_steps(script, talk.Direction(row.direction.value), frozenset())
    return next((step.id for step in walkable if step.stage.value == stage.value), None)
