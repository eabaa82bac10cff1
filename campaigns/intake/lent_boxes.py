"""Takes a lent row apart into the boxes it is sealed in, and puts it together again. Pure.

TAISHO comes back byte for byte (S4-13.1b). MEISAI and KOYU cells travel in the boxes of their
columns' groups behind those of TAISHO.
"""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.cases.encodings import Encoding
from campaigns.cases.groups import Group
from campaigns.intake.facts import (
    Cells,
    ContactView,
    DebtView,
    IdentityView,
    contact_view,
    debt_view,
    identity_view,
)
from campaigns.intake.findings import LentRow
from campaigns.intake.layouts import Layout, LayoutSet

LENT_GROUPS = (Group.G1, Group.G2, Group.G3)
HAS_TYPE_ROW, NO_TYPE_ROW = b"1", b"0"

Fields = tuple[bytes, ...]


def _cells_of(layout: Layout, group: Group, segments: Fields) -> Fields:
    return tuple(segments[place] for place in layout.positions_of(group))


def to_boxes(row: LentRow, layouts: LayoutSet, receivable: str) -> dict[Group, Fields]:
    """The fields of the three boxes of a row, the debt's periods one after the other in G3."""
    koyu = layouts.koyu[receivable]
    boxes: dict[Group, Fields] = {}
    for group in LENT_GROUPS:
        fields = _cells_of(layouts.taisho, group, row.taisho)
        if group is not Group.G1:
            fields += (HAS_TYPE_ROW if row.koyu else NO_TYPE_ROW,)
            fields += _cells_of(koyu, group, row.koyu) if row.koyu else ()
        if group is Group.G3:
            for period in row.meisai:
                fields += period
        boxes[group] = fields
    return boxes


def lent_segments(boxes: dict[Group, Fields], taisho: Layout) -> Fields:
    """The row of TAISHO as it was lent: the segments in the order of the file."""
    segments: list[bytes] = [b""] * len(taisho.columns)
    for group in LENT_GROUPS:
        places = taisho.positions_of(group)
        for place, value in zip(places, boxes[group], strict=False):
            segments[place] = value
    return tuple(segments)


@dataclass(frozen=True, slots=True)
class OpenedBoxes:
    """Reads the views of the desk out of opened boxes of one case."""

    layouts: LayoutSet
    receivable: str
    encoding: Encoding

    def contact(self, fields: Fields) -> ContactView:
        """Stage 1."""
        return contact_view(self._taisho(Group.G1, fields), self.encoding)

    def identity(self, fields: Fields) -> IdentityView:
        """Stage 2."""
        return identity_view(
            self._taisho(Group.G2, fields), self._koyu(Group.G2, fields), self.encoding
        )

    def debt(self, fields: Fields) -> DebtView:
        """Stage 3."""
        return debt_view(
            self._taisho(Group.G3, fields),
            self._periods(fields),
            self._koyu(Group.G3, fields),
            self.encoding,
        )

    def _taisho(self, group: Group, fields: Fields) -> Cells:
        names = [
            self.layouts.taisho.names[place] for place in self.layouts.taisho.positions_of(group)
        ]
        return dict(zip(names, fields, strict=False))

    def _koyu_names(self, group: Group) -> list[str]:
        layout = self.layouts.koyu[self.receivable]
        return [layout.names[place] for place in layout.positions_of(group)]

    def _after_taisho(self, group: Group, fields: Fields) -> Fields:
        return fields[len(self.layouts.taisho.positions_of(group)) :]

    def _koyu(self, group: Group, fields: Fields) -> Cells:
        flag, *rest = self._after_taisho(group, fields)
        names = self._koyu_names(group) if flag == HAS_TYPE_ROW else []
        shown = dict(zip(names, rest, strict=False))
        return {name: value for name, value in shown.items() if name not in _REPEATED}

    def _periods(self, fields: Fields) -> list[Cells]:
        flag, *rest = self._after_taisho(Group.G3, fields)
        used = len(self._koyu_names(Group.G3)) if flag == HAS_TYPE_ROW else 0
        cells = rest[used:]
        width = len(self.layouts.meisai.columns)
        names = self.layouts.meisai.names
        return [
            dict(zip(names, cells[start : start + width], strict=True))
            for start in range(0, len(cells), width)
        ]


_REPEATED = ("債権コード", "整理番号")  # stand in TAISHO already
