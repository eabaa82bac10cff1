"""Opens a case for the person at the desk, one group per stage (decision 5). Each look is noted."""

from __future__ import annotations

from campaigns.cases.cases import lent_list_of
from campaigns.cases.groups import Group
from campaigns.cases.models import CallCase
from campaigns.cases.personal_data import open_group
from campaigns.errors import IdentityNotConfirmed
from campaigns.intake.facts import ContactView, DebtView, IdentityView, Phone
from campaigns.intake.layouts import SAMPLE_LAYOUTS
from campaigns.intake.lent_boxes import OpenedBoxes
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork


def _reader(work: UnitOfWork, case: CallCase) -> OpenedBoxes:
    encoding = lent_list_of(work, case).encoding
    return OpenedBoxes(SAMPLE_LAYOUTS, case.receivable, encoding)


def open_contact(work: UnitOfWork, case: CallCase) -> ContactView:
    """Stage 1: the name in kana, care notes."""
    return _reader(work, case).contact(open_group(work, case, Group.G1))


def open_identity(work: UnitOfWork, case: CallCase) -> IdentityView:
    """Stage 2: to compare, never to read out."""
    return _reader(work, case).identity(open_group(work, case, Group.G2))


def open_debt(work: UnitOfWork, case: CallCase, *, identity_passed: bool) -> DebtView:
    """Stage 3. Raises IdentityNotConfirmed before the check is passed (S4-11.3a-1)."""
    if not identity_passed:
        raise IdentityNotConfirmed
    return _reader(work, case).debt(open_group(work, case, Group.G3))


def unpaid_total(work: UnitOfWork, case: CallCase) -> tuple[int, frozenset[str]]:
    """The sum owed and the periods, to check a promise against."""
    debt = _reader(work, case).debt(open_group(work, case, Group.G3))
    return debt.total_yen, frozenset(period.month for period in debt.periods)


def number_under_permit(contact: ContactView, rank: int) -> Phone:
    """The number a live permit is for. Raises NotFound when the row has none of this rank."""
    for phone in contact.phones:
        if phone.rank == rank:
            return phone
    raise NotFound(kind="number")
