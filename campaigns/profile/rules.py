"""Pure but for its types: the rules one call follows, made of the profile and the instruction.

One value from being served to the outcome: permit, number, checks and what follows from the
call all read it, so that a change can never take hold half way through a call (S4-11.2f).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from campaigns.profile.contract import ContractProfile, Receivable
from campaigns.profile.instruction_sheet import (
    SHEET_PARAMETERS,
    InstructionSheet,
    NumberKind,
    RightParty,
    ThirdPartyRules,
    read_sheet,
)
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, DEFAULT_ROTATION, Band, BandCuts
from secure_store.errors import NotFound

LONGEST_RULE = 80
# At noon and late in the evening people carry their telephone, at the weekend they are at home.
DEFAULT_NUMBER_ORDER: Mapping[Band, tuple[NumberKind, ...]] = {
    Band.H1: (NumberKind.MOBILE,),
    Band.H3: (NumberKind.MOBILE,),
    Band.H4: (NumberKind.LANDLINE,),
    Band.H5: (NumberKind.LANDLINE,),
}
DEFAULT_RIGHT_PARTY = (RightParty.ADDRESSEE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingRules:
    """What holds for the calls of one receivable.

    ``version``: of the work instruction, 0 when the contract's values count; ``label``:
    ``p1/i2``, or ``p1`` without an instruction; ``receivable``: None for a call that belongs to
    none. ``number_order``: kinds dialled first in a band, the others follow in lent order.
    """

    parameters: Parameters
    cuts: BandCuts
    rotation: tuple[Band, ...]
    number_order: Mapping[Band, tuple[NumberKind, ...]]
    workplace_numbers: bool
    third_party: ThirdPartyRules
    right_party: tuple[RightParty, ...]
    receivable: Receivable | None
    profile_version: int
    version: int

    @property
    def label(self) -> str:
        """Which versions these rules come from."""
        return f"p{self.profile_version}/i{self.version}" if self.version else self.profile_label

    @property
    def profile_label(self) -> str:
        """The contract's part of the label."""
        return f"p{self.profile_version}"


def rules_from(
    profile: ContractProfile, receivable: str | None, sheet: InstructionSheet | None, version: int
) -> CallingRules:
    """The contract's values with those of the sheet over them. Raises NotFound."""
    known = profile.receivable(receivable) if receivable else None
    if sheet is None:
        sheet = InstructionSheet(receivable=receivable or "")
    return CallingRules(
        parameters=replace(profile.parameters, **dict(sheet.parameters)),  # type: ignore[arg-type]
        cuts=sheet.bands or DEFAULT_CUTS,
        rotation=sheet.rotation or DEFAULT_ROTATION,
        number_order=DEFAULT_NUMBER_ORDER if sheet.number_order is None else sheet.number_order,
        workplace_numbers=bool(sheet.workplace_numbers),
        third_party=sheet.third_party or ThirdPartyRules(),
        right_party=sheet.right_party or DEFAULT_RIGHT_PARTY,
        receivable=_instructed(known, sheet) if known else None,
        profile_version=profile.version,
        version=version,
    )


def _instructed(known: Receivable, sheet: InstructionSheet) -> Receivable:
    transfer = sheet.account_transfer
    return replace(
        known,
        identity_items=sheet.identity_items or known.identity_items,
        spare_item=sheet.spare_item or known.spare_item,
        recommends_transfer=known.recommends_transfer if transfer is None else transfer,
    )


def sheet_of(rules: CallingRules) -> InstructionSheet:
    """The rules written out as a sheet that leaves nothing to the contract: where to begin from.

    Raises NotFound for the rules of no receivable.
    """
    if rules.receivable is None:
        raise NotFound(kind="receivable")
    values = rules.parameters.to_mapping()
    return InstructionSheet(
        receivable=rules.receivable.code,
        parameters={name: values[name] for name in SHEET_PARAMETERS},
        bands=rules.cuts,
        rotation=rules.rotation,
        number_order=rules.number_order,
        workplace_numbers=rules.workplace_numbers,
        third_party=rules.third_party,
        account_transfer=rules.receivable.recommends_transfer,
        right_party=rules.right_party,
        identity_items=rules.receivable.identity_items,
        spare_item=rules.receivable.spare_item,
    )


@lru_cache(maxsize=64)
def cached_sheet(document: str) -> InstructionSheet:
    """A stored sheet; it was checked when it was entered."""
    return read_sheet(document)


def rule_label(window_rule: str, rules: CallingRules) -> str:
    """``weekday@p1/i2``: the rule of the hours and the versions under which a call was allowed.

    The one place where the stored text is made; at most 80 characters, the versions always whole.
    """
    versions = f"@{rules.label}"
    return window_rule[: LONGEST_RULE - len(versions)] + versions
