"""Pure: the encodings in which a campaign's files come and go."""

from __future__ import annotations

from enum import StrEnum

BOM = b"\xef\xbb\xbf"


class Encoding(StrEnum):
    """The encodings in which files may be lent; which one it is stands in the control file."""

    CP932 = "cp932"
    UTF_8_BOM = "utf_8_bom"

    @property
    def codec(self) -> str:
        """The Python codec of the text after the byte order mark."""
        return "cp932" if self is Encoding.CP932 else "utf-8"

    @property
    def mark(self) -> bytes:
        """What stands before the first character of a file."""
        return b"" if self is Encoding.CP932 else BOM

    @property
    def declared(self) -> str:
        """The word for it in a control file."""
        return "CP932" if self is Encoding.CP932 else "UTF-8-BOM"
