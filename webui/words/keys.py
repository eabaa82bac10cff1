"""Japanese words of keys and backups."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.sealing.root_kinds import RootKind

LEVEL_WORDS: Mapping[str, str] = {
    "A": "鍵モジュールの中で鍵を消すことで、抹消が成り立つ",
    "B": "鍵ファイルの媒体を物理的に壊すことで、抹消が成り立つ",
    "C": "鍵と同じ装置にあるため、装置の消去か破壊も要る",
}
ROOT_WORDS: Mapping[RootKind, str] = {
    RootKind.PASSPHRASE: "パスフレーズ",
    RootKind.KEY_FILE: "パスフレーズと、取り外せる媒体の鍵ファイル",
    RootKind.TOKEN: "鍵モジュール（PKCS#11）",
}
KIND_WORDS: Mapping[str, str] = {
    "contract": "契約鍵",
    "data": "データ鍵（債権・架電期間ごと）",
    "pseudonym": "仮名と照合の鍵",
    "file": "ファイル鍵（受領ファイル・日次ファイル・バックアップ）",
    "signing": "署名鍵",
    "record": "案件ごとの鍵のもと",
}
WHY_WORDS: Mapping[str, str] = {
    "expired": "期限切れ",
    "erasure": "抹消",
    "unusable": "使えないため",
}
