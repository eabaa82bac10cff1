"""Words of the inventory of personal data (個人情報の保管場所一覧)."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.audit.groups import FieldGroup
from secure_store.inventory import Protection
from secure_store.models import FileKind
from secure_store.sealing.scopes import KeyKind

# A table without words is shown by its own name rather than hidden.
TABLE_WORDS: Mapping[str, str] = {
    "call_case": "架電先（貸与データの行）",
    "call_record": "通話の記録",
    "case_handling": "入力中の下書き",
    "escalation_ticket": "引継ぎの内容",
    "payment_notice": "納付確認の額",
}
GROUP_WORDS: Mapping[FieldGroup, str] = {
    FieldGroup.CONTACT: "連絡先（氏名・電話番号）",
    FieldGroup.IDENTITY: "本人確認（生年月日・住所など）",
    FieldGroup.DEBT: "債権（期別・金額など）",
    FieldGroup.COLLECTED: "聞いた内容",
    FieldGroup.RECORDING: "録音",
}
FILE_WORDS: Mapping[FileKind, str] = {
    FileKind.LENT: "貸与ファイル（公開するまで）",
    FileKind.DAILY_PACK: "日次ファイル（受領の確認から定めた日数まで）",
    FileKind.RECORDING: "録音",
}
PROTECTION_WORDS: Mapping[Protection, str] = {
    Protection.RECORD_KEY: "行ごとの鍵（債権・月の鍵と行の塩から作る）",
    Protection.FILE_KEY: "ファイルごとの鍵",
    Protection.CITY_KEY: "所管課の鍵又はパスワード",
    Protection.EXCHANGE_KEY: "当センターの受渡しの鍵又は市のパスワード",
    Protection.BACKUP_KEY: "控えの鍵（中身は行ごとの鍵で封をしたまま）",
}
PASSAGE_WORDS: Mapping[Protection, str] = {
    Protection.EXCHANGE_KEY: "受信フォルダ（取り込むまで）",
    Protection.CITY_KEY: "送信フォルダ（市が受け取るまで）",
    Protection.BACKUP_KEY: "控えの媒体",
}
KEY_WORDS: Mapping[KeyKind, str] = {
    KeyKind.CONTRACT: "契約の鍵",
    KeyKind.DATA: "債権・月の鍵",
    KeyKind.PSEUDONYM: "記録の仮名の鍵",
    KeyKind.FILE: "ファイルの鍵",
    KeyKind.SIGNING: "署名の鍵",
    KeyKind.RECORD: "行の塩",
}
