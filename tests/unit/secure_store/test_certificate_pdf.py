"""The certificate as PDF says what its file says, all of it, on few pages (T13)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from certificate_sample import PRIVATE, all_blocks, destroyed_keys, file_of, sample, without_consent
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure import printed_words as words
from secure_store.erasure.certificate import FORBIDDEN_WORDS, Certificate
from secure_store.verifier.certificate_check import by_hand, check, main
from webui.certificate_pdf import certificate_pdf
from webui.pdf import PdfUnavailable

# What the paper says in words of its own, or as a sum, and is checked apart.
IN_WORDS = re.compile(
    r"(form|head\.(document|rehearsal)|on_time|inventory\..*|witness\.requested"
    r"|consent\.scope_match|execution\.(assurance_level|sanitization|methods.*|persons\.\d+\.role)"
    r"|key_destruction\.keys\.\d+\.(kind|copies_\w+)|validation\.exceptions\.\d+\.no"
    r"|validation\.gates_noted\.\d+\.gate)"
)
VOCABULARIES = {
    "execution.assurance_level": words.LEVELS,
    "execution.sanitization": words.SANITIZATIONS,
}


def text_of(pdf: bytes, folder: Path) -> str:
    """All characters of a PDF in the order they were set, without spaces and line ends."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def pages_of(folder: Path) -> int:
    done = subprocess.run(
        ["pdfinfo", str(folder / "paper.pdf")], capture_output=True, check=True, text=True
    )
    return int(re.search(r"Pages:\s+(\d+)", done.stdout)[1])  # type: ignore[index]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in pairs:
            yield from leaves(item, f"{path}.{name}".lstrip("."))
    else:
        yield path, value


def as_printed(value: Any) -> str:
    """A value of the file as a reader of the paper expects it."""
    if isinstance(value, int):
        return f"{value:,}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+09:00", value):
        return datetime.fromisoformat(value).strftime("%Y-%m-%d%H:%M:%S")
    return re.sub(r"\s", "", value)


def missing(certificate: Certificate, text: str) -> list[str]:
    """The places of the file that the paper does not say."""
    body = json.loads(file_of(certificate))["certificate"]
    lost = [
        path
        for path, value in leaves(body)
        if not IN_WORDS.fullmatch(path) and as_printed(value) not in text
    ]
    return [*lost, *_lost_words(body, text), *_lost_counts(body, text)]


def _lost_words(body: dict[str, Any], text: str) -> Iterator[str]:
    for path, table in VOCABULARIES.items():
        block, name = path.split(".")
        if re.sub(r"\s", "", {k.value: v for k, v in table.items()}[body[block][name]]) not in text:
            yield path
    for noted in body["validation"]["gates_noted"]:
        if {k.value: v for k, v in words.GATES.items()}[noted["gate"]] not in text:
            yield "gates_noted"
    if ("期限内" if body["on_time"] else "期限を超過") not in text:
        yield "on_time"


def _lost_counts(body: dict[str, Any], text: str) -> Iterator[str]:
    before: Counter[tuple[str, str]] = Counter()
    after: Counter[tuple[str, str]] = Counter()
    for line in body["inventory"]:
        kind = blocks.ItemKind(line["kind"])
        before[kind, line["place"]] += line["before"]
        after[kind, line["place"]] += line["after"]
    for kind, place in before:
        unit, item = words.UNITS[blocks.ItemKind(kind)], words.ITEMS[blocks.ItemKind(kind)]
        row = f"{item}{place}{before[kind, place]:,}{unit}{after[kind, place]:,}{unit}"
        if re.sub(r"\s", "", row) not in text:
            yield f"inventory {kind}"


@pytest.mark.clause("T13", "S4-14.10")
@pytest.mark.parametrize("certificate", [sample(), without_consent()], ids=["full", "unasked"])
def test_the_paper_says_everything_its_file_says(certificate: Certificate, tmp_path: Path) -> None:
    text = text_of(certificate_pdf(file_of(certificate)), tmp_path)
    assert missing(certificate, text) == []
    assert not [word for word in FORBIDDEN_WORDS if word in text]
    assert pages_of(tmp_path) <= 4


@pytest.mark.clause("T13")
def test_another_files_paper_is_told_apart(tmp_path: Path) -> None:
    text = text_of(certificate_pdf(file_of(sample())), tmp_path)
    given = all_blocks()
    changes: tuple[dict[str, Any], ...] = (
        {"verification": replace(given["verification"], bytes_scanned=268_435_457)},
        {"head": replace(given["head"], certificate_id="ER-2023-002")},
        {"inventory": (*given["inventory"][:-1], replace(given["inventory"][-1], before=41))},
        {"log": replace(given["log"], tree_size=48_212)},
    )
    for change in changes:
        assert missing(sample(**change), text), change.keys()


@pytest.mark.clause("T13")
def test_a_whole_year_of_eight_receivables_still_fits_a_few_pages(tmp_path: Path) -> None:
    one = destroyed_keys()[0]
    keys = tuple(replace(one, key_id=f"{number:016x}") for number in range(1, 33))
    given = all_blocks()["key_destruction"]
    many = replace(given, alive_before=32, ever_made=40, tombstones=40, keys=keys)
    lines = tuple(line for line in all_blocks()["inventory"] if line.kind.value != "sealed_values")
    certificate = sample(key_destruction=many, inventory=lines)
    text = text_of(certificate_pdf(file_of(certificate)), tmp_path)
    assert missing(certificate, text) == []
    assert pages_of(tmp_path) <= 5


def test_a_deletion_record_is_a_paper_of_its_own(tmp_path: Path) -> None:
    head = replace(all_blocks()["head"], document=blocks.DocumentKind.DELETION_RECORD)
    text = text_of(certificate_pdf(file_of(sample(head=head))), tmp_path)
    assert "消去記録" in text
    assert "抹消証明書" not in text
    assert "委託者の指示見本第55号（2023年3月10日）" in text


def test_a_rehearsal_stands_at_the_head_of_the_paper(tmp_path: Path) -> None:
    rehearsal = sample(head=replace(all_blocks()["head"], rehearsal=True))
    assert text_of(certificate_pdf(file_of(rehearsal)), tmp_path).startswith("【訓練】")


def test_without_the_programs_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfUnavailable) as refused:
        certificate_pdf(file_of(sample()))
    assert "libpango-1.0-0" in str(refused.value.details["packages"])


def test_the_paper_carries_its_own_fonts(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(certificate_pdf(file_of(sample())))
    done = subprocess.run(
        ["pdffonts", str(tmp_path / "paper.pdf")], capture_output=True, check=True, text=True
    )
    lines = done.stdout.splitlines()[2:]
    assert lines
    assert all(re.search(r"\byes\s+yes\s+yes\s+\d", line) for line in lines)
    assert any("IPAexMincho" in line for line in lines)


def _files(folder: Path, content: bytes) -> tuple[Path, Path]:
    file, key = folder / "見本 証明書.json", folder / "key.pem"
    file.write_bytes(content)
    key.write_bytes(
        PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return file, key


def _run(folder: Path, commands: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    script = "\n".join(("set -e", *commands))
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.clause("T13", "S4-14.10")
def test_the_commands_the_checker_prints_check_the_file_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, key = _files(tmp_path, file_of(sample()))
    assert main([str(file), "--public-key", str(key)]) == 0
    printed = [line.strip() for line in capsys.readouterr().out.splitlines()[3:]]
    assert tuple(printed) == by_hand(file.read_bytes(), file.name, key.name)
    done = _run(tmp_path, tuple(printed))
    assert "Signature Verified Successfully" in done.stdout
    assert printed[1].rpartition(" ")[2] in done.stdout
    # The control: the same commands on a file with one figure changed.
    changed = file.read_bytes().replace(b'"before":480', b'"before":481', 1)
    assert not check(changed, PRIVATE.public_key().public_bytes_raw()).ok
    file.write_bytes(changed)
    done = _run(tmp_path, tuple(printed))
    assert done.returncode != 0
    assert "Signature Verified Successfully" not in done.stdout
    assert printed[1].rpartition(" ")[2] not in done.stdout
