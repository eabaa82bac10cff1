"""Pure: the document by which the city orders something, and when it came too late.

A signer is a post (管財課長), never a person: the column is plain, and the post is what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.errors import CityPaperInvalid

# Whole words: names of offices alone (部, 室) are endings of family names too.
POST_ENDINGS = (
    *("市長", "区長", "局長", "部長", "課長", "係長", "室長", "所長", "次長", "館長", "場長"),
    *("理事", "参事", "主幹", "主査", "主任", "担当", "担当者", "管理者"),
)
POST_MAX = 30
DOCUMENT_MAX = 60


@dataclass(frozen=True, slots=True)
class CityPaper:
    """One document of the city: its number, the post that signed it, the day it was received."""

    document_no: str
    signer: str
    received_on: date

    @property
    def names_a_post(self) -> bool:
        """Did a post or an office sign, rather than a person? One word that ends like one."""
        text = self.signer
        one_word = text.isprintable() and not any(sign.isspace() for sign in text)
        return one_word and len(text) <= POST_MAX and text.endswith(POST_ENDINGS)


def check_paper(paper: CityPaper, today: date) -> None:
    """Raises CityPaperInvalid with the name of the field."""
    number = paper.document_no
    if not number.strip() or len(number) > DOCUMENT_MAX or not number.isprintable():
        raise CityPaperInvalid(field="document_no")
    if not paper.names_a_post:
        raise CityPaperInvalid(field="signer")
    if paper.received_on > today:
        raise CityPaperInvalid(field="received_on")
