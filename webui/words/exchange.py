"""Words of the exchange with the city: forms, means, media, exports."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.exchange.alarms import AlarmKind
from secure_store.exchange.envelopes import Form
from secure_store.exchange.media import BY_HAND, OVERWRITTEN
from secure_store.exchange.models import HandOverState, MediumStep
from secure_store.models import TransferDirection

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
STATE_WORDS: Mapping[HandOverState, tuple[str, str]] = {
    HandOverState.RECEIVED: ("受入待ち", "care"),
    HandOverState.IMPORTED: ("受入済み", "done"),
    HandOverState.RETURNED: ("市へ戻した", "off"),
}
DIRECTION_WORDS: Mapping[TransferDirection, str] = {
    TransferDirection.RECEIVED: "受け取った",
    TransferDirection.PLACED: "置いた",
    TransferDirection.CONFIRMED: "市の受領を確認した",
}
MEDIUM_STEP_WORDS: Mapping[MediumStep, str] = {
    MediumStep.TAKEN: "保管場所から出した",
    MediumStep.USED: "受渡しに使った",
    MediumStep.WIPED: "消去した",
    MediumStep.RETURNED: "保管場所に戻した",
}
WIPE_WORDS: Mapping[str, str] = {
    BY_HAND: "端末で上書きし、空を確かめた",
    OVERWRITTEN: "このシステムで上書きし、読み返した",
}
ALARM_WORDS: Mapping[AlarmKind, tuple[str, str]] = {
    AlarmKind.NOT_REGISTERED: (
        "受信フォルダに、登録していない受渡しがあります。",
        "受渡しの画面で登録し、預り証を出してから取り込みます。",
    ),
    AlarmKind.NOT_IMPORTED: (
        "受け取ったデータを、まだ取り込んでいません。",
        "すぐに取り込むか、市へ戻してください。",
    ),
    AlarmKind.MEDIUM_NOT_WIPED: (
        "媒体のデータを、まだ消去していません。",
        "媒体を消去し、空を確かめて、台帳に記録してください。",
    ),
    AlarmKind.MEDIUM_NOT_RETURNED: (
        "媒体が、前の日から保管場所に戻っていません。",
        "媒体を確かめ、保管場所に戻して、台帳に記録してください。",
    ),
}
_EXPORT_REASONS: Mapping[str, str] = {
    "no_approval": "市の承認がないため、書き出せません。",
    "purpose_not_listed": "取り決めた目的の一覧にないため、書き出せません。",
    "other_purpose": "承認された目的と違うため、書き出せません。",
    "place_not_designated": "指定されていない持出先のため、書き出せません。",
    "other_place": "承認された持出先と違うため、書き出せません。",
    "not_in_force": "承認の期間の外か、終えた承認のため、書き出せません。",
    "other_receivable": "承認された債権のファイルではないため、書き出せません。",
}


def export_reason(reason: str) -> str:
    """Why an export was refused; empty for another refusal."""
    return _EXPORT_REASONS.get(reason, "")
