"""Words of scripts and of the Q&A collection."""

from __future__ import annotations

from scripts_talk.api import ApprovalState, Direction, DocumentKind, ScriptFaultKind, Stage

STATE_WORDS = {
    ApprovalState.DRAFT: "下書き",
    ApprovalState.SUBMITTED: "承認待ち",
    ApprovalState.APPROVED: "使用中",
    ApprovalState.RETURNED: "差戻し",
    ApprovalState.RETIRED: "使用終了",
}
STATE_TONES = {
    ApprovalState.DRAFT: "",
    ApprovalState.SUBMITTED: "info",
    ApprovalState.APPROVED: "done",
    ApprovalState.RETURNED: "care",
    ApprovalState.RETIRED: "off",
}
STEP_WORDS = {
    ApprovalState.DRAFT: "下書きを作成",
    ApprovalState.SUBMITTED: "承認へ提出",
    ApprovalState.APPROVED: "承認",
    ApprovalState.RETURNED: "差戻し",
    ApprovalState.RETIRED: "使用を終了",
}
KIND_WORDS = {DocumentKind.SCRIPT: "トークスクリプト", DocumentKind.QA: "Q&A集"}
STAGE_WORDS = {
    Stage.GREETING: "名乗り",
    Stage.IDENTITY: "本人確認",
    Stage.GUIDANCE: "用件（本人確認のあと）",
}
DIRECTION_WORDS = {
    Direction.OUTBOUND: "発信",
    Direction.INBOUND: "入電",
    Direction.BOTH: "発信・入電",
}
FAULT_WORDS = {
    ScriptFaultKind.START_MISSING: "始まりの場面がないか、向き（発信・入電）が違います。",
    ScriptFaultKind.STEP_TWICE: "同じ場面の番号が2つあります。",
    ScriptFaultKind.STEP_EMPTY: "話す言葉も操作もありません。",
    ScriptFaultKind.TARGET_UNKNOWN: "答えの行き先の場面がありません。",
    ScriptFaultKind.BRANCH_OPEN: "答えに、行き先も結果コードもありません。",
    ScriptFaultKind.UNREACHABLE: "どの答えからも、この場面に来られません。",
    ScriptFaultKind.NO_WAY_TO_END: "この場面からは、終わりにたどり着けません。",
    ScriptFaultKind.END_WITHOUT_OUTCOME: "結果コードを選ばずに終わる道があります。",
    ScriptFaultKind.ANSWER_KEY_UNKNOWN: "答えの数字は 1–9 と 0 のどれかにします。",
    ScriptFaultKind.ANSWER_KEY_TWICE: "同じ数字の答えが2つあります。",
    ScriptFaultKind.OUTCOME_CODE_MALFORMED: "結果コードは数字2桁です。",
    ScriptFaultKind.IDENTITY_BYPASSED: "本人確認を通らずに、用件の場面に入れます。",
    ScriptFaultKind.DETAIL_BEFORE_IDENTITY: "本人確認の前に、債権に関わる言葉があります。",
    ScriptFaultKind.SELF_NAME_MISSING: "はじめの言葉で、センター名を名乗っていません。",
    ScriptFaultKind.SELF_NAME_DIFFERS: "センター名が、契約で決めた名乗りと違います。",
    ScriptFaultKind.FORBIDDEN_WORDING: "言ってはいけない言葉があります。",
    ScriptFaultKind.PLACEHOLDER_UNKNOWN: "差し込みの名前が正しくありません。",
    ScriptFaultKind.PLACEHOLDER_NOT_SPOKEN: "差し込みは、話す言葉にだけ書けます。",
    ScriptFaultKind.TEXT_UNCONFIRMED: "【所管課確認】が残っています。",
}
# Why a file cannot be read at all; the place is told beside it.
READ_FAULTS = {
    "too_large": "文が長すぎます。",
    "not_yaml": "書き方（字下げ・記号）が崩れていて読めません。",
    "alias": "別名（&・*）は使えません。",
    "key_twice": "同じ項目が2回あります。",
    "not_a_mapping": "「項目: 内容」の形になっていません。",
    "not_a_list": "「- 」で始まる並びになっていません。",
    "not_text": "文字で書くところです。",
    "not_a_flag": "true か false で書きます。",
    "empty": "内容が空です。",
    "missing": "項目がありません。",
    "unknown_word": "決められた言葉ではありません。",
    "unknown_key": "知らない項目です。",
    "id_twice": "同じ番号が2つあります。",
    "no_entries": "Q&A が1つもありません。",
    "outcome_code_malformed": "結果コードは数字2桁です。",
    "detail_in_guidance": "一般案内には、対象者ごとの差し込みを書けません。",
    "text_unconfirmed": "【所管課確認】が残っています。",
}
PAPER_FAULTS = {
    "document_no": {
        "empty": "市の承認文書の番号がまだです。例：札財管第118号",
        "too_long": "60文字までです。",
        "not_printable": "使えない文字があります。",
    },
    "remark": {
        "empty": "理由がまだです。次の版で直すところを書いてください。",
        "too_long": "400文字までです。",
        "not_printable": "使えない文字があります。",
    },
}
MISMATCH_WORDS = {
    "receivable": "文の中の receivable が、この債権と違います。",
    "version": "文の中の version が、この版の番号と違います。",
    "kind": "種類（トークスクリプト・Q&A集）が違います。",
}
