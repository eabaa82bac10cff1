"""The lines of the 個人情報取扱状況報告書: which events each of them counts."""

from __future__ import annotations

from dataclasses import dataclass

from secure_store.audit.handling import Handling
from secure_store.audit.tags import Tag


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``sums``: the counts noted in the events, in place of how many there are."""

    part: str
    label: str
    tags: tuple[Tag, ...]
    sums: bool = False

    def number(self, found: Handling) -> int:
        if self.sums:
            return sum(found.counts[tag] for tag in self.tags)
        return found.of_tags(*self.tags)


TAKEN, USED, HANDED, GONE, KEPT = "取得", "利用", "提供", "廃棄", "管理"
PARTS = (TAKEN, USED, HANDED, GONE, KEPT)
LINES = (
    Line(TAKEN, "貸与データの受入", (Tag.LIST_PUBLISHED,)),
    Line(TAKEN, "受け入れなかったデータ", (Tag.LIST_REFUSED,)),
    Line(USED, "氏名カナ・電話番号を開いた", (Tag.CASE_OPENED,)),
    Line(USED, "本人確認の項目を開いた", (Tag.CASE_IDENTITY_OPENED,)),
    Line(USED, "債権の内容を開いた", (Tag.CASE_DETAILS_OPENED,)),
    Line(USED, "通話で聞いた内容を開いた", (Tag.CASE_COLLECTED_OPENED,)),
    Line(USED, "検索", (Tag.SEARCH_NUMBER, Tag.SEARCH_KEY, Tag.SEARCH_NAME)),
    Line(USED, "発信", (Tag.ATTEMPT_PLACED,)),
    Line(HANDED, "日次ファイルの受渡し", (Tag.DAILY_PLACED,)),
    Line(HANDED, "受領の確認", (Tag.DAILY_UPLOAD_CONFIRMED,)),
    Line(HANDED, "書出し", (Tag.EXPORT_RELEASED,)),
    Line(HANDED, "記録の開示", (Tag.AUDIT_DISCLOSED,)),
    Line(GONE, "鍵の抹消", (Tag.KEY_DESTROYED, Tag.ERASURE_KEYS_DESTROYED)),
    Line(GONE, "媒体の消去", (Tag.MEDIUM_WIPED,)),
    Line(KEPT, "ログイン", (Tag.AUTH_LOGIN,)),
    Line(KEPT, "ログインの失敗", (Tag.AUTH_LOGIN_FAILED,)),
    Line(KEPT, "許されない操作を断った", (Tag.AUTH_REFUSED,)),
    Line(
        KEPT, "利用者の追加・変更", (Tag.STAFF_CREATED, Tag.STAFF_ROLE_CHANGED, Tag.STAFF_DISABLED)
    ),
    Line(KEPT, "控えの取得", (Tag.BACKUP_RUN,)),
    Line(KEPT, "記録の検証", (Tag.AUDIT_VERIFIED,)),
    Line(KEPT, "事故・事案", (Tag.INCIDENT_OPENED,)),
    Line(KEPT, "証拠保全", (Tag.HOLD_PLACED,)),
    Line(KEPT, "業務停止命令", (Tag.SUSPENSION_ORDERED,)),
)
