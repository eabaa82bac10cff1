"""Facts about certificate printed."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from certificate_sample import PRIVATE, all_blocks, file_of, sample, without_consent
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secure_store.erasure import printed_words as words
from secure_store.erasure.certificate import FORBIDDEN_WORDS, Certificate
from secure_store.erasure.certificate_blocks import AssuranceLevel, DocumentKind, Sanitization
from secure_store.erasure.printed import printed_text


@pytest.mark.clause("S4-14.10", "T13")
def test_the_paper_names_what_when_how_who_and_how_it_was_checked() -> None:
    text = printed_text(sample())
    for said in (
        "抹消証明書",
        "文書番号　ER-2023-001",
        "宛先　　　見本市長　様",
        "契約　　　C-2022",
        "履行期間　2022年9月1日から2023年3月31日まで",
        "根拠　　　仕様書14(10)",
        "抹消の期限　2023年4月7日（期限内）",
        "貸与データ及び架電結果の行：480件 → 0件",
        "帳票及び紙媒体：40枚 → 2枚",
        "残存（1）：支払関係書類2枚　理由：法令による保存",
        "媒体：B-1（SSD）見本製作所、M-100、S-0001、K-7、1TB",
        "日時：2023-04-02 09:00:00から2023-04-03 17:30:00まで",
        "実施者：見本　二郎",
        "検証者：見本　四郎",
        "立会い：見本　六郎（係長）",
        "復号の試行 1,920件中 成功 0件",
        "抹消した鍵：7個（契約鍵 1、データ鍵 4、仮名鍵 2）",
        "保証水準：Ｂ",
    ):
        assert said in text, said


@pytest.mark.clause("T13")
@pytest.mark.parametrize("document", DocumentKind)
@pytest.mark.parametrize("level", AssuranceLevel)
def test_no_paper_of_any_kind_holds_a_forbidden_word(
    document: DocumentKind, level: AssuranceLevel
) -> None:
    given = all_blocks()
    level_c = level is AssuranceLevel.C
    reached = Sanitization.CLEAR if level_c else Sanitization.PURGE
    execution = replace(given["execution"], assurance_level=level, sanitization=reached)
    head = replace(given["head"], document=document)
    text = printed_text(sample(head=head, execution=execution))
    assert ("復元不可能な方法" in text) == (not level_c)
    assert text.startswith(words.TITLES[document])
    assert not [word for word in FORBIDDEN_WORDS if word in text]
    tables = [words.TITLES, words.OPENING, words.LEVELS, words.METHODS, words.GATES]
    listed = "".join(word for table in tables for word in table.values())
    assert not [word for word in FORBIDDEN_WORDS if word in listed]


def test_a_consent_that_never_came_is_said_in_words() -> None:
    text = printed_text(without_consent())
    assert "同意：同意書未受領" in text
    assert "未了の条件：同意書未受領　令和5年3月17日申請済み" in text


def test_a_late_certificate_says_so() -> None:
    given = all_blocks()
    late = replace(given["head"], issued_on=given["head"].period_end.replace(month=4, day=8))
    assert "（期限を超過）" in printed_text(sample(head=late))


def test_a_rehearsal_says_so_before_anything_else() -> None:
    rehearsal = sample(head=replace(all_blocks()["head"], rehearsal=True))
    assert printed_text(rehearsal).startswith("【訓練】")
    assert "訓練" not in printed_text(sample())


def test_every_word_of_every_vocabulary_can_be_printed() -> None:
    tables = (words.TITLES, words.OPENING, words.ITEMS, words.UNITS, words.METHODS, words.LEVELS)
    for table in (*tables, words.SANITIZATIONS, words.ROLES, words.GATES):
        assert set(table) == set(type(next(iter(table))))


def test_the_printed_commands_check_the_file_without_our_software(tmp_path: Path) -> None:
    certificate = sample()
    assert "Verified Successfully" in _run_printed_commands(tmp_path, certificate, b"")
    assert "Verification Failure" in _run_printed_commands(tmp_path, certificate, b"480")


def _run_printed_commands(folder: Path, certificate: Certificate, altered: bytes) -> str:
    file_bytes = file_of(certificate)
    changed = file_bytes.replace(b'"before":' + altered, b'"before":9', 1) if altered else None
    (folder / "FILE").write_bytes(changed or file_bytes)
    pem = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "KEY.pem").write_bytes(pem)
    lines = [line.strip("　 ") for line in printed_text(certificate).splitlines()]
    commands = [line[2:] for line in lines if line.startswith("$ ") and "dialer " not in line]
    assert len(commands) == 4
    script = "\n".join(commands)
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    digest = next(line for line in lines if len(line) == 64 and line.isalnum())
    assert (digest in done.stdout) == (not altered)
    return done.stdout + done.stderr
