"""Pure: passwords that everybody tries first (security.md 7.2).

Long passwords are seldom on the usual lists; what people do is to repeat, to lengthen and to
walk over the keyboard. So the usual words are recognised inside such patterns as well.
"""

from __future__ import annotations

import re

# Words at the top of every published list, and those of this country's offices.
WORDS = frozenset(
    [
        "admin",
        "administrator",
        "abc",
        "access",
        "account",
        "agent",
        "apple",
        "asdf",
        "baseball",
        "batman",
        "beach",
        "bluesky",
        "cat",
        "changeme",
        "charlie",
        "cheese",
        "chocolate",
        "computer",
        "cookie",
        "daniel",
        "default",
        "demo",
        "diamond",
        "dog",
        "dragon",
        "example",
        "eagle",
        "football",
        "flower",
        "freedom",
        "friend",
        "gakkou",
        "golf",
        "guest",
        "hanako",
        "hello",
        "hockey",
        "hokkaido",
        "honda",
        "house",
        "iloveyou",
        "internet",
        "jennifer",
        "jessica",
        "jordan",
        "kaisha",
        "killer",
        "koneko",
        "letmein",
        "login",
        "love",
        "lovely",
        "maggie",
        "maria",
        "master",
        "matrix",
        "michael",
        "mickey",
        "monkey",
        "mother",
        "mustang",
        "nihon",
        "nippon",
        "ninja",
        "nissan",
        "office",
        "operator",
        "orange",
        "pass",
        "passw0rd",
        "passwd",
        "password",
        "pepper",
        "phoenix",
        "picture",
        "pokemon",
        "princess",
        "purple",
        "q1w2e3r4",
        "qazwsx",
        "qwer",
        "qwerty",
        "root",
        "ranger",
        "sakura",
        "samsung",
        "scooter",
        "secret",
        "senha",
        "service",
        "shadow",
        "shiyakusho",
        "silver",
        "soccer",
        "starwars",
        "suica",
        "summer",
        "sunshine",
        "super",
        "superman",
        "suzuki",
        "system",
        "tarou",
        "taro",
        "temp",
        "tennis",
        "test",
        "test123",
        "thunder",
        "tigger",
        "tokyo",
        "toyota",
        "trustno1",
        "user",
        "welcome",
        "whatever",
        "winter",
        "yakyuu",
        "yamada",
        "yamaha",
        "yankees",
        "zaq12wsx",
        "zxcvbn",
    ]
)
WALKS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "あいうえおかきくけこさしすせそ",
)
_WALK = 5
_LEET = str.maketrans("013457@$!", "oieastasi")
_FILLING = re.compile(r"[\d\W_]+")


def is_common(password: str) -> bool:
    """True when nothing is left of it but usual words, digits, walks and repetitions.

    ``password`` in small letters.
    """
    unit = _repeated_unit(password)
    return any(
        _nothing_left(text)
        for text in (password, unit, password.translate(_LEET), unit.translate(_LEET))
    )


def _repeated_unit(text: str) -> str:
    """The shortest piece that, repeated, gives the text: abcabcabc -> abc."""
    place = (text + text).find(text, 1)
    return text[:place]


def _nothing_left(text: str) -> bool:
    rest = _without_walks(text)
    for word in sorted(WORDS, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return len(_FILLING.sub("", rest)) < 4


def _without_walks(text: str) -> str:
    """Takes out runs of five and more along a row of keys, in both directions."""
    kept: list[str] = []
    at = 0
    while at < len(text):
        run = _walk_at(text, at)
        if run >= _WALK:
            kept.append(" ")
            at += run
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)


def _walk_at(text: str, at: int) -> int:
    longest = 0
    for walk in (*WALKS, *(walk[::-1] for walk in WALKS)):
        length = longest + 1
        while at + length <= len(text) and text[at : at + length] in walk:
            longest, length = length, length + 1
    return longest
