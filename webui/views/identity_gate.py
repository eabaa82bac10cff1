"""The identity gate of stage 2 as the page shows it: to compare by eye, never to read out."""

from __future__ import annotations

import re
from datetime import date

from campaigns.api import (
    DeskView,
    IdentityItem,
    IdentityLine,
    IdentityResult,
    ItemResult,
    comparison_so_far,
    spare_answer,
)
from secure_store.work import UnitOfWork
from webui.formatters import seconds_text as seconds
from webui.words.desk import IDENTITY_LABELS

NOT_LENT = "登録がありません"


def gate(work: UnitOfWork, view: DeskView) -> dict[str, object]:
    """Items, what is still missing, and what has become of the spare one."""
    so_far = comparison_so_far(work, view.handling_id)
    spare = spare_answer(work, view.handling_id)
    still = [
        IDENTITY_LABELS[line.item]
        for line in view.identity_lines
        if line.result is ItemResult.NOT_ASKED
    ]
    missing = ""
    if so_far is IdentityResult.MISMATCHED:
        missing = "違う項目があるので、本人確認済みにできません"
    elif so_far is IdentityResult.PENDING:
        missing = f"あと{len(still)}項目（{'・'.join(still)}）の照合が要ります"
    return {
        "gate_items": [_gate_item(line) for line in view.identity_lines],
        "missing": missing,
        "is_mismatched": so_far is IdentityResult.MISMATCHED,
        "spare_shown": any(line.is_spare for line in view.identity_lines),
        "spare_word": {ItemResult.MATCH: "一致", ItemResult.MISMATCH: "違う"}.get(spare, ""),
        "spare_label": IDENTITY_LABELS[IdentityItem(view.receivable.spare_item)],
        "required_count": sum(1 for line in view.identity_lines if not line.is_spare),
        "gate_audit": f"この項目を表示したことは記録しました（{seconds(work.now)}　"
        f"{work.actor.code}）。相手が言った内容は保存しません。",
    }


_VERDICT_WORDS = {
    ItemResult.MATCH: "match",
    ItemResult.MISMATCH: "differs",
    ItemResult.NOT_ASKED: "open",
}


def _gate_item(line: IdentityLine) -> dict[str, object]:
    value, note = line.value, ""
    if line.item is IdentityItem.NAME and "（" in value:
        value, _, kana = value.rpartition("（")
        note = kana.rstrip("）")
    elif line.item is IdentityItem.BIRTH_DATE:
        note = _era_note(value)
    elif line.item is IdentityItem.ADDRESS:
        note = "町名から先"
    elif line.is_spare:
        note = "予備　一度だけ聞きます"
    if not line.value:
        note = "比べられません。予備の項目で確かめます"
    return {
        "key": line.item.value,
        "label": IDENTITY_LABELS[line.item],
        "value": value or NOT_LENT,
        "note": note,
        "verdict": _VERDICT_WORDS[line.result],
    }


_ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
)


def _era_note(text: str) -> str:
    found = re.fullmatch(r"(\d+)年(\d+)月(\d+)日", text)
    if not found:
        return ""
    born = date(*(int(part) for part in found.groups()))
    for first, era in _ERAS:
        if born >= first:
            year = born.year - first.year + 1
            return f"{era}{'元' if year == 1 else year}年"
    return ""
