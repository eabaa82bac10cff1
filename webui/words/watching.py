"""Words of alerts about what a person looks at."""

from __future__ import annotations

from secure_store.people.caps import AlertKind

ALERT_WORDS = {
    AlertKind.MANY_VIEWS: "1時間に見た案件が多くなっています。",
    AlertKind.TOO_MANY_VIEWS: "1時間に見られる件数に達しました。次の案件は開けません。",
    AlertKind.TOO_MANY_SEARCHES: "1時間に検索できる回数に達しました。次の検索はできません。",
    AlertKind.VIEWS_WITHOUT_DIAL: "発信しないまま、続けて案件を見ています。",
    AlertKind.FAR_ABOVE_TEAM: "ほかの担当者の3倍を超える案件を見ています。",
}
