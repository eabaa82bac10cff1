"""What a check of the audit trail found, in words."""

from __future__ import annotations

from secure_store.verifier.audit_check import Kind, Status

VERDICT_TITLES = {
    Status.SOUND: "記録は完全です",
    Status.BROKEN: "記録がつながっていません",
    Status.UNANCHORED_TAIL: "記録はつながっています。末尾は、まだ外部の控えで確かめられません",
    Status.ANCHOR_NOT_REPRODUCED: "外部の控えと一致しません",
}
VERDICT_TEXTS = {
    Status.SOUND: "最後の1件まで、外部で保管した先頭値と一致しました。",
    Status.BROKEN: "書換え・欠落・順序の入替えのどれかがあります。この画面を残し、システム管理者と市へ知らせてください。",
    Status.UNANCHORED_TAIL: "書換えや欠落は見つかりません。新しい控えを市から受け取ると、末尾まで確かめられます。",
    Status.ANCHOR_NOT_REPRODUCED: "切詰めか書直しがあります。この画面を残し、システム管理者と市へ知らせてください。",
}
VERDICT_TONES = {
    Status.SOUND: "done",
    Status.BROKEN: "stop",
    Status.UNANCHORED_TAIL: "info",
    Status.ANCHOR_NOT_REPRODUCED: "stop",
}
KIND_WORDS = {
    Kind.UNREADABLE: "読めない記録",
    Kind.EDITED: "内容の書換え",
    Kind.HASH_ALTERED: "照合値の書換え",
    Kind.DELETED: "欠落",
    Kind.INSERTED: "割込み",
    Kind.SWAPPED: "順序の入替え",
    Kind.RELINKED: "つなぎ直し",
    Kind.TRUNCATED: "末尾の切詰め",
    Kind.REWRITTEN: "書直し",
    Kind.COLUMN_ALTERED: "一覧に見せる列の書換え",
    Kind.START_NOT_SIGNED: "署名で確かめられない記録の始まり",
    Kind.HEAD_NOT_SIGNED: "署名が正しくない先頭値",
    Kind.HEAD_OF_ANOTHER_LOG: "別の記録の先頭値",
}
