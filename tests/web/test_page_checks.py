"""The check that looks every page over finds what it is there for."""

from __future__ import annotations

import pytest

from tests.web.pages import page_faults

GOOD = '<html lang="ja"><body><h1>題</h1>{}</body></html>'


def test_a_good_page_has_no_faults() -> None:
    form = '<form action="/x"><label for="a">氏名</label><input id="a" name="a"></form>'
    assert page_faults(GOOD.format(form)) == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ('<p id="a"></p><p id="a"></p>', "id twice: a"),
        ("<h1>もう一つ</h1>", "not one h1"),
        ('<input name="a">', "no label: a"),
        ("<form></form>", "form without action"),
        ('<a href="https://example.test">外</a>', "outside host: https://example.test"),
        ('<p style="color: red">赤</p>', "style on p"),
        ('<button onclick="go()">押す</button>', "onclick on button"),
        ('<p aria-describedby="none">説明</p>', "described by nothing: none"),
    ],
)
def test_a_fault_is_found(part: str, fault: str) -> None:
    assert page_faults(GOOD.format(part)) == [fault]


def test_a_page_in_another_language_is_found() -> None:
    assert page_faults("<html><body><h1>x</h1></body></html>") == ["not lang=ja"]
