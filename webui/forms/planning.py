"""What is asked of the outlook: how many agents at every open hour."""

from __future__ import annotations

import unicodedata

MOST = 200.0


def read_agents(text: str) -> tuple[float | None, str]:
    """The number asked for, halves too, and what is wrong with it; (None, "") for none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None, ""
    try:
        agents = float(plain)
    except ValueError:
        agents = -1.0
    if not 0 <= agents <= MOST:
        return None, "0から200までの数で入れてください。"
    return agents, ""
