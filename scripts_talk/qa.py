"""Search in the approved Q&A collection and the general guidance (S4-10.1c, S4-11.2-2).

What an agent types is neither kept nor noted: it may repeat what the speaker said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import jaconv

from scripts_talk.errors import NotApproved
from scripts_talk.library import live_qa
from scripts_talk.models import DocumentKind
from scripts_talk.seeds import GuidanceSeed, QaCollection, QaSeed
from secure_store.access import Permission, require, require_receivable
from secure_store.work import UnitOfWork

# How much a word counts by where it stands; the places are ranked, the figures only order them.
KEYWORD_WHOLE = 16
KEYWORD_BEGINNING = 8
QUESTION = 4
KEYWORD_WITHIN = 2
ANSWER = 1
_SHORTEST_WITHIN = 2  # a keyword of one letter would be found in every sentence


@dataclass(frozen=True, slots=True)
class QaHit:
    """An entry found. ``answer`` keeps its placeholders; ``render_text`` fills them.

    For general guidance ``question`` is the topic and ``source`` what it rests on.
    ``needs_identity``: the answer fills in details and waits for the check (S4-11.3a-1).
    """

    id: str
    question: str
    answer: str
    outcome_codes: tuple[str, ...]
    is_guidance: bool
    needs_identity: bool
    source: str | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: QaHit
    keywords: tuple[str, ...]


def search(work: UnitOfWork, receivable: str, text: str, *, guidance: bool = True) -> list[QaHit]:
    """Entries for this receivable, best first; all of them for an empty text.

    Words are separated by spaces; an entry is found by any of them, those with more of them come
    first. Width, letter case and hiragana or katakana make no difference. Only the collection in
    force is read. Raises NotApproved when there is none.
    """
    require(work.actor, Permission.SEARCH_QA)
    require_receivable(work.actor, receivable)
    live = live_qa(work)
    if live is None:
        raise NotApproved(kind=DocumentKind.QA.value)
    candidates = _candidates(live.collection, receivable, guidance=guidance)
    words = _words(text)
    if not words:
        return [candidate.hit for candidate in candidates]
    rated = [(_rating(candidate, words), candidate.hit) for candidate in candidates]
    rated = [(rating, hit) for rating, hit in rated if rating > (0, 0)]
    return [hit for _, hit in sorted(rated, key=lambda pair: pair[0], reverse=True)]


def fold(text: str) -> str:
    """One width, one letter case, hiragana only."""
    folded: str = jaconv.kata2hira(unicodedata.normalize("NFKC", text).casefold())
    return folded


def _words(text: str) -> tuple[str, ...]:
    pieces = (_letters(piece) for piece in fold(text).split())
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def _letters(text: str) -> str:
    """Without punctuation, spaces and controls: "どこで？" is looked for as "どこで"."""
    return "".join(letter for letter in text if unicodedata.category(letter)[0] not in "CPZ")


def _candidates(collection: QaCollection, receivable: str, *, guidance: bool) -> list[_Candidate]:
    entries = [_of_entry(entry) for entry in collection.entries if entry.serves(receivable)]
    if guidance:
        entries += [_of_guidance(entry) for entry in collection.guidance]
    return entries


def _of_entry(entry: QaSeed) -> _Candidate:
    hit = QaHit(
        entry.id, entry.question, entry.answer, entry.outcome_codes, False, entry.needs_identity
    )
    return _Candidate(hit, entry.keywords)


def _of_guidance(entry: GuidanceSeed) -> _Candidate:
    hit = QaHit(entry.id, entry.topic, entry.answer, (), True, False, entry.source)
    return _Candidate(hit, entry.keywords)


def _rating(candidate: _Candidate, words: Iterable[str]) -> tuple[int, int]:
    """How many words were found, and how well."""
    keywords = [_letters(fold(keyword)) for keyword in candidate.keywords]
    question = _letters(fold(candidate.hit.question))
    answer = _letters(fold(candidate.hit.answer))
    points = [_points(word, keywords, question, answer) for word in words]
    return sum(1 for point in points if point), sum(points)


def _points(word: str, keywords: list[str], question: str, answer: str) -> int:
    places = QUESTION * (word in question) + ANSWER * (word in answer)
    return _keyword_points(word, keywords) + places


def _keyword_points(word: str, keywords: list[str]) -> int:
    if word in keywords:
        return KEYWORD_WHOLE
    if any(keyword.startswith(word) for keyword in keywords):
        return KEYWORD_BEGINNING
    return KEYWORD_WITHIN * any(_is_within(word, keyword) for keyword in keywords)


def _is_within(word: str, keyword: str) -> bool:
    return word in keyword or (len(keyword) >= _SHORTEST_WITHIN and keyword in word)
