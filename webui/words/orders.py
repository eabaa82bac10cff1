"""The city's orders in words: what a suspension stops."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.orders.stopped_work import StoppedWork

ALL_WORK = "すべての作業"
STOPPED_WORDS: Mapping[StoppedWork, str] = {
    StoppedWork.CALLS: "架電（案件の受け取りと発信）",
    StoppedWork.CALLBACKS: "折返し対応",
    StoppedWork.INTAKE: "データ受入と公開",
    StoppedWork.EXPORTS: "書出し",
}


def stopped_words(part: StoppedWork | None) -> str:
    """What an order stops."""
    return STOPPED_WORDS[part] if part else ALL_WORK
