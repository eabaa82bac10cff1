"""The closed sets of what can be wrong with lent data. Pure."""

from __future__ import annotations

from enum import StrEnum


class FaultCode(StrEnum):
    """Why a whole delivery is refused."""

    # the delivery as a whole
    FILE_NAME = "file_name"
    FILE_MISSING = "file_missing"
    FILE_UNLISTED = "file_unlisted"
    FILE_TWICE = "file_twice"
    FILE_TOO_LARGE = "file_too_large"
    FILE_FORM = "file_form"
    DELIVERY_DIFFERS = "delivery_differs"
    ENCODING_UNKNOWN = "encoding_unknown"
    ENCODING_DIFFERS = "encoding_differs"
    BOM_MISSING = "bom_missing"
    BOM_UNEXPECTED = "bom_unexpected"
    DIGEST = "digest"
    DIGEST_FORM = "digest_form"
    ROW_COUNT = "row_count"
    CONTROL_SUM = "control_sum"
    # the text of a file
    HEADER = "header"
    COLUMN_COUNT = "column_count"
    TOO_MANY_ROWS = "too_many_rows"
    ROW_TOO_LONG = "row_too_long"
    LINE_END = "line_end"
    BAD_ENCODING = "bad_encoding"
    UNBALANCED_QUOTE = "unbalanced_quote"
    LINE_BREAK_IN_CELL = "line_break_in_cell"
    CONTROL_CHARACTER = "control_character"
    BIDI_CONTROL = "bidi_control"
    LINE_SEPARATOR = "line_separator"
    INVISIBLE_CHARACTER = "invisible_character"
    NOT_ENCODABLE = "not_encodable"
    # a workbook instead of a text
    WORKBOOK_TOO_LARGE = "workbook_too_large"
    WORKBOOK_LOCKED = "workbook_locked"
    WORKBOOK_ACTIVE = "workbook_active"
    WORKBOOK_OUTSIDE = "workbook_outside"
    WORKBOOK_UNREADABLE = "workbook_unreadable"
    WORKBOOK_SHEETS = "workbook_sheets"
    FORMULA_CELL = "formula_cell"
    ERROR_CELL = "error_cell"
    NUMBER_IN_TEXT = "number_in_text"
    DATE_IN_TEXT = "date_in_text"
    VALUE_KIND = "value_kind"
    # one cell
    REQUIRED_EMPTY = "required_empty"
    TOO_LONG = "too_long"
    DATE_FORM = "date_form"
    MONTH_FORM = "month_form"
    NOT_DIGITS = "not_digits"
    CODE_UNKNOWN = "code_unknown"
    # one row among others
    RECEIVABLE_DIFFERS = "receivable_differs"
    LEVY_YEAR = "levy_year"
    NOTHING_UNPAID = "nothing_unpaid"
    DATE_ORDER = "date_order"
    DATA_AS_OF = "data_as_of"
    DUPLICATE_KEY = "duplicate_key"
    DUPLICATE_PERIOD = "duplicate_period"
    UNKNOWN_KEY = "unknown_key"
    PERIOD_AMOUNT = "period_amount"
    PERIOD_SUM = "period_sum"
    PERIOD_COUNT = "period_count"
    NOTHING_PAID = "nothing_paid"
    DUPLICATE_PAYMENT = "duplicate_payment"


class QuestionCode(StrEnum):
    """What the owning department is asked about a row that was read all the same."""

    SAME_NUMBER = "same_number"
    PHONE_UNUSABLE = "phone_unusable"
    PRIVATE_USE_CHARACTER = "private_use_character"
    VENDOR_CHARACTER = "vendor_character"
    DOUBLED_CODE = "doubled_code"
    SUBSTITUTED_CHARACTER = "substituted_character"
    BIRTH_IMPLAUSIBLE = "birth_implausible"
    KANA_NOT_KANA = "kana_not_kana"
    FORMULA_LIKE = "formula_like"
    TYPE_ROW_MISSING = "type_row_missing"


class ExclusionReason(StrEnum):
    """Why one row is not called: closing status 95 of the outcome table (S4-6.1)."""

    NO_PHONE = "no_phone"
    PHONE_INVALID = "phone_invalid"
    WORKPLACE_ONLY = "workplace_only"
    DUPLICATE_IN_FILE = "duplicate_in_file"
