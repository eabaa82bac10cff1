"""Strict reading of the YAML files of this package: typed, no unknown keys, a path in every refusal.

Every plain value is read as text (no YAML guessing of dates, numbers or yes and no), aliases and
double keys are refused, so that what the commissioner approved is what the file says.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from secure_store.errors import DomainError

MAX_CHARACTERS = 400_000
_SHOWN_PATH = 120

Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")


class FieldFault(StrEnum):
    """Why a file was refused."""

    TOO_LARGE = "too_large"
    NOT_YAML = "not_yaml"
    ALIAS = "alias"
    KEY_TWICE = "key_twice"
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_LIST = "not_a_list"
    NOT_TEXT = "not_text"
    NOT_A_FLAG = "not_a_flag"
    EMPTY = "empty"
    MISSING = "missing"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_KEY = "unknown_key"


class _RefusedError(Exception):
    def __init__(self, fault: FieldFault, line: int) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.line = line


class _StrictLoader(yaml.BaseLoader):
    """Texts, lists and mappings only."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise _RefusedError(FieldFault.ALIAS, self.line + 1)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names = [key.value for key, _ in node.value]
        if any(isinstance(name, str) and names.count(name) > 1 for name in names):
            raise _RefusedError(FieldFault.KEY_TWICE, node.start_mark.line + 1)
        return super().construct_mapping(node, deep=deep)


class Fields:
    """One mapping of a file, read key by key; ``close`` refuses what nobody asked for."""

    def __init__(self, value: object, path: str, refusal: type[DomainError]) -> None:
        self._path = path
        self._refusal = refusal
        if not isinstance(value, dict):
            raise self._refused(FieldFault.NOT_A_MAPPING)
        self._left: dict[object, object] = dict(value)

    def text(self, name: str) -> str:
        """A text that must be there and hold more than spaces."""
        return self._as_text(self._take(name), self._below(name))

    def optional_text(self, name: str) -> str | None:
        """A text, or None where the key is absent."""
        return self.text(name) if name in self._left else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; an absent key is an empty list."""
        return tuple(
            self._as_text(value, f"{self._below(name)}[{number}]")
            for number, value in enumerate(self._list(name))
        )

    def word(self, name: str, words: type[Word]) -> Word:
        """One word of a closed set."""
        try:
            return words(self.text(name))
        except ValueError:
            raise self._refused(FieldFault.UNKNOWN_WORD, name) from None

    def optional_word(self, name: str, words: type[Word]) -> Word | None:
        """One word of a closed set, or None where the key is absent."""
        return self.word(name, words) if name in self._left else None

    def flag(self, name: str) -> bool:
        """``true`` or ``false``; absent is false."""
        value = self._left.pop(name, "false")
        if value not in ("true", "false"):
            raise self._refused(FieldFault.NOT_A_FLAG, name)
        return value == "true"

    def items(self, name: str, read: Callable[[Fields], Item]) -> tuple[Item, ...]:
        """A list of mappings, each read by ``read`` and closed; absent is empty."""
        found: list[Item] = []
        for number, value in enumerate(self._list(name)):
            fields = Fields(value, f"{self._below(name)}[{number}]", self._refusal)
            found.append(read(fields))
            fields.close()
        return tuple(found)

    def close(self) -> None:
        """Refuse keys that no reader took."""
        for name in self._left:
            raise self._refused(FieldFault.UNKNOWN_KEY, str(name))

    def _take(self, name: str) -> object:
        if name not in self._left:
            raise self._refused(FieldFault.MISSING, name)
        return self._left.pop(name)

    def _list(self, name: str) -> list[object]:
        value = self._left.pop(name, [])
        if not isinstance(value, list):
            raise self._refused(FieldFault.NOT_A_LIST, name)
        return value

    def _as_text(self, value: object, path: str) -> str:
        if not isinstance(value, str):
            raise self._refusal(reason=FieldFault.NOT_TEXT.value, path=path)
        if not value.strip():
            raise self._refusal(reason=FieldFault.EMPTY.value, path=path)
        return value.strip()

    def _below(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _refused(self, fault: FieldFault, name: str | None = None) -> DomainError:
        path = self._below(name) if name is not None else self._path
        return self._refusal(reason=fault.value, path=path[:_SHOWN_PATH])


def read_fields(yaml_text: str, refusal: type[DomainError]) -> Fields:
    """The top mapping of a YAML text of at most ``MAX_CHARACTERS`` characters.

    Raises ``refusal`` with ``reason`` (a ``FieldFault``) and the line or path.
    """
    if len(yaml_text) > MAX_CHARACTERS:
        raise refusal(reason=FieldFault.TOO_LARGE.value, limit=MAX_CHARACTERS)
    try:
        value: object = _StrictLoader(yaml_text).get_single_data()
    except _RefusedError as caught:
        raise refusal(reason=caught.fault.value, line=caught.line) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise refusal(reason=FieldFault.NOT_YAML.value) from None
    return Fields(value, "", refusal)
