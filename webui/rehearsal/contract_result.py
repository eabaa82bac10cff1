"""What a simulated contract came to; nothing of a person is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webui.rehearsal.contract_plan import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractResult:
    """``violations``: by kind, how often; empty when every rule was kept.

    ``counts``: days, calls, outcomes, files, jobs, faults and what they were.
    ``event_hash``: the same for the same scale, whatever the keys.
    """

    scale: Scale
    event_hash: str
    violations: Mapping[str, int]
    counts: Mapping[str, int]

    def to_document(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "seed": self.scale.seed,
            "agents": self.scale.agents,
            "cases": self.scale.cases,
            "months": self.scale.months,
            "faults": self.scale.faults,
            "event_hash": self.event_hash,
            "violations": [
                {"kind": kind, "times": times} for kind, times in self.violations.items()
            ],
            "counts": dict(self.counts),
        }
