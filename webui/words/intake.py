"""What the intake check found, in the words of the sender: places and reasons, never a value."""

from __future__ import annotations

from collections.abc import Mapping

FAULT_WORDS: Mapping[str, str] = {
    "file_name": "ファイル名が取り決めの形ではありません",
    "file_missing": "4種類のファイルのうち、足りないものがあります",
    "file_unlisted": "送付書（CTL）に書かれていないファイルです",
    "file_twice": "同じ種類のファイルが2つあります",
    "file_too_large": "ファイルが大きすぎます（64MB まで）",
    "file_form": "名前の拡張子と中身が合いません（CSV か Excel の .xlsx で送ってください）",
    "delivery_differs": "この架電期間の債権・年月のファイルではありません",
    "encoding_unknown": "文字コードの名前が取り決めにありません",
    "encoding_differs": "ファイルどうしで文字コードが違います",
    "bom_missing": "UTF-8 の印（BOM）がありません",
    "bom_unexpected": "CP932 のファイルに UTF-8 の印（BOM）があります",
    "digest": "送付書のハッシュ値と違います（途中で変わったおそれ）",
    "digest_form": "ハッシュ値の書き方が違います",
    "row_count": "送付書の件数と違います",
    "control_sum": "送付書の未納額合計と違います",
    "header": "見出しの項目名か並びが違います",
    "column_count": "項目の数が見出しと違います",
    "too_many_rows": "行が多すぎます",
    "row_too_long": "1行が長すぎます",
    "line_end": "改行の形が違います",
    "bad_encoding": "文字コードとして読めない文字があります",
    "unbalanced_quote": "引用符が閉じていません",
    "line_break_in_cell": "項目の中に改行があります",
    "control_character": "制御文字があります",
    "bidi_control": "文字の向きを変える見えない文字があります",
    "line_separator": "行の区切りになる見えない文字があります",
    "invisible_character": "見えない文字があります",
    "not_encodable": "送付書の文字コードでは書けない文字があります",
    "workbook_too_large": "Excel ファイルが大きすぎるか、開くと膨らみすぎます。CSV で送ってください",
    "workbook_locked": "Excel ファイルの中身が暗号化されています。パスワードを外すか、受入画面でパスワードを入れてください",
    "workbook_active": "Excel ファイルにマクロか埋め込まれた部品があります。値だけの .xlsx で保存し直してください",
    "workbook_outside": "Excel ファイルが外部のファイルや接続先を参照しています。リンクを外して保存し直してください",
    "workbook_unreadable": "Excel ファイルとして読めません。開いて .xlsx で保存し直してください",
    "workbook_sheets": "データのあるシートは一つにしてください（非表示のシートも数えます）",
    "formula_cell": "計算式のセルがあります。値だけにして保存し直してください",
    "error_cell": "エラー値（#N/A など）のセルがあります",
    "number_in_text": "文字の項目が数値になっています（先頭の0が消えたおそれ）。表示形式を「文字列」にして入れ直してください",
    "date_in_text": "日付でない項目が、Excel の日付になっています。表示形式を「文字列」にして入れ直してください",
    "value_kind": "この項目には使えない種類の値です（論理値や時刻など）",
    "required_empty": "必須の項目が空です",
    "too_long": "取り決めより長い値です",
    "date_form": "日付の形ではないか、ない日付です",
    "month_form": "年月の形ではありません",
    "not_digits": "数字ではない文字があります",
    "code_unknown": "取り決めにないコードです",
    "receivable_differs": "別の債権の行です",
    "levy_year": "賦課年度が対象の年度ではありません",
    "nothing_unpaid": "未納額がありません",
    "date_order": "日付の前後が合いません",
    "data_as_of": "データ基準日が送付書と違います",
    "duplicate_key": "同じ整理番号の行が2つあります",
    "duplicate_period": "同じ期別の行が2つあります",
    "unknown_key": "対象者のファイルにない整理番号です",
    "period_amount": "期別の金額の引き算が合いません",
    "period_sum": "期別の合計が未納額合計と違います",
    "period_count": "期別の行の数が未納期別数と違います",
    "nothing_paid": "納付額が0円です",
    "duplicate_payment": "同じ納付の行が2つあります",
}
QUESTION_WORDS: Mapping[str, str] = {
    "same_number": "同じ電話番号が3件以上あります（施設の番号か）",
    "phone_unusable": "かけられない形の電話番号です",
    "private_use_character": "外字があります（代わりの字を確かめます）",
    "vendor_character": "機種依存文字があります（髙・﨑・①など。この項目の最初の行です。そのまま返します）",
    "doubled_code": "一つの字に二つある文字コードのうち、ふつうでない方で書かれています（この項目の最初の行です。そのまま返します）",
    "substituted_character": "置き換えられた字（〓など）があります",
    "birth_implausible": "生年月日を確かめてください",
    "kana_not_kana": "かなでない文字があります",
    "formula_like": "計算式に見える値です（文字として扱います）",
    "type_row_missing": "債権固有のファイルに行がありません",
}
FILE_WORDS: Mapping[str, str] = {
    "taisho": "対象者",
    "meisai": "期別明細",
    "koyu": "債権固有",
    "control": "送付書",
}
ENCODING_WORDS: Mapping[str, str] = {"cp932": "CP932", "utf_8_bom": "UTF-8（BOM付き）"}
LIST_STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "staging": ("取り込み中", "info"),
    "staged": ("公開待ち", "care"),
    "published": ("公開済み", "done"),
    "discarded": ("差し戻し", "off"),
}


def place_words(file: str, row: int | None, column: str | None) -> tuple[str, str, str]:
    """File, row and column of a finding as a table shows them."""
    name = f"{file[1:]}番目のファイル" if file.startswith("#") else file
    if row is None:
        return name, "", column or ""
    return name, "見出し" if row == 0 else f"{row:,}", column or ""


def reason_words(reason: str, byte: int | None) -> str:
    """What is wrong, and how far into the file it stands, counted from 0 as editors do."""
    return reason if byte is None else f"{reason}（ファイルの先頭から{byte:,}バイト目）"
