"""Words of the exchange with the city: forms, means, media, exports."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.exchange.envelopes import Form

FORM_WORDS: Mapping[Form, str] = {
    Form.PLAIN: "暗号化なし",
    Form.AGE: "age（公開鍵）",
    Form.AGE_PASSPHRASE: "age（パスワード）",
    Form.AES_ZIP: "AES-256のZIP",
    Form.PASSWORD_XLSX: "パスワード付きxlsx",
}
FORM_CHOICES: Mapping[Form, str] = {
    Form.AGE: "age（市の公開鍵で暗号化）",
    Form.AES_ZIP: "AES-256のZIP（置くときにパスワードを入れる）",
    Form.PASSWORD_XLSX: "パスワード付きxlsx（所管課が求めるときだけ）",
}
