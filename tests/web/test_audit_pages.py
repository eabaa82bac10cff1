"""The audit trail on the screen: read page by page, and verified in four words."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import text

from secure_store.access import Actor, Role, system_actor
from secure_store.audit.log import sign_head, size
from secure_store.audit.reading import EVENTS_A_PAGE, families
from secure_store.audit.tags import FieldGroup, Result, Tag
from secure_store.audit.verification import verify_log
from secure_store.sealing.installed import installed_of
from secure_store.verifier.audit_check import Kind, Status
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from webui.security import ROLE_LABELS
from webui.services import Services
from webui.words import audit as words
from webui.words import audit_verdicts

SYSTEM = system_actor("test")


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
    return make_app(home)


def signed(home: Services) -> str:
    """The head over everything so far, as the city holds it."""
    with home.store.work(FOUNDER) as work:
        return sign_head(work, installed_of(home.store).signer, "test").note


def events(home: Services) -> int:
    with home.store.work(SYSTEM, readonly=True) as work:
        return size(work)


def tamper(home: Services, *statements: str) -> None:
    """Changes the log as somebody with the database in hand could."""
    with home.store.engine.begin() as connection:
        for act in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_event_no_{act}"))
        for statement in statements:
            connection.execute(text(statement))


def verify(app: Flask, home: Services, *anchors: str) -> str:
    browser = Browser(app, home, "AU01")
    files = [
        (io.BytesIO(anchor.encode()), f"checkpoint{n}.txt") for n, anchor in enumerate(anchors)
    ]
    browser.post("/audit/verify", {"anchors": files}, status=200, multipart=True)
    return browser.last


def test_events_are_read_in_words_newest_first(app: Flask, home: Services) -> None:
    page = Browser(app, home, "AU01").get("/audit")
    assert "従事者：追加した" in page
    assert "システム：動き始めた" in page
    assert page.index("従事者：追加した") < page.index("システム：動き始めた")


def test_a_long_log_is_read_page_by_page_without_a_gap(app: Flask, home: Services) -> None:
    with home.store.work(SYSTEM) as work:
        for _event in range(EVENTS_A_PAGE + 30):
            work.audit(Tag.SCHEDULER_JOB_RUN, reason="test")
    auditor, total = Browser(app, home, "AU01"), events(home)
    first = auditor.get("/audit")
    last_shown = total - EVENTS_A_PAGE + 1
    assert f'<td class="amount">{last_shown}</td>' in first
    assert f'<td class="amount">{last_shown - 1}</td>' not in first
    second = auditor.get(f"/audit?before={last_shown}")
    assert f'<td class="amount">{last_shown - 1}</td>' in second
    assert '<td class="amount">1</td>' in second
    assert "before=" not in second


def test_family_and_actor_narrow_the_list(app: Flask, home: Services) -> None:
    auditor = Browser(app, home, "AU01")
    page = auditor.get("/audit?family=staff")
    assert "従事者：追加した" in page
    assert "システム：動き始めた" not in page
    assert "あてはまる記録はありません" in auditor.get("/audit?actor=OP99")
    everything = auditor.get("/audit?family=%27%20OR%201=1&actor=%3Cscript%3E&before=x")
    assert "システム：動き始めた" in everything


@pytest.mark.clause("S4-8.6h")
def test_a_whole_log_is_sound_as_far_as_the_citys_copies_reach(app: Flask, home: Services) -> None:
    assert audit_verdicts.VERDICT_TITLES[Status.UNANCHORED_TAIL] in verify(app, home)
    anchor = signed(home)
    page = verify(app, home, anchor)
    assert audit_verdicts.VERDICT_TITLES[Status.UNANCHORED_TAIL] in page
    assert "終了コード 3" in page
    with home.store.work(SYSTEM, readonly=True) as work:
        auditor_reads = work.session.execute(
            text("SELECT count(*) FROM audit_event WHERE tag = 'audit:verified'")
        ).scalar_one()
    assert auditor_reads == 2


def test_a_log_that_ends_at_the_anchor_is_complete(app: Flask, home: Services) -> None:
    # The event about the signing comes after the head; only a log without it ends at its anchor.
    anchor = signed(home)
    tamper(
        home,
        "DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)",
        "UPDATE audit_head SET size = size - 1, last_hash ="
        " (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1)",
    )
    page = verify(app, home, anchor)
    assert audit_verdicts.VERDICT_TITLES[Status.SOUND] in page
    assert "終了コード 0" in page


@pytest.mark.clause("S4-8.6h")
def test_an_altered_event_is_found_with_its_number(app: Flask, home: Services) -> None:
    changed = "replace(body, CAST('created' AS BLOB), CAST('enabled' AS BLOB))"
    tamper(home, f"UPDATE audit_event SET body = CAST({changed} AS BLOB) WHERE seq = 4")
    page = verify(app, home)
    assert audit_verdicts.VERDICT_TITLES[Status.BROKEN] in page
    assert audit_verdicts.KIND_WORDS[Kind.EDITED] in page
    assert "4番" in page
    assert "終了コード 1" in page
    assert 'role="alert"' in page


@pytest.mark.clause("S4-8.6h")
def test_events_cut_off_are_found_by_the_citys_copy(app: Flask, home: Services) -> None:
    anchor = signed(home)
    tamper(home, "DELETE FROM audit_event WHERE seq > 3")
    page = verify(app, home, anchor)
    assert audit_verdicts.VERDICT_TITLES[Status.ANCHOR_NOT_REPRODUCED] in page
    assert "終了コード 4" in page


@pytest.mark.clause("S4-8.6h")
def test_an_emptied_log_is_not_sound(app: Flask, home: Services) -> None:
    signed(home)
    with home.store.engine.begin() as connection:
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("DELETE FROM audit_checkpoint"))
        connection.execute(text("DELETE FROM audit_event"))
    with home.store.work(Actor("AU01", Role.AUDITOR), readonly=True) as work:
        verdict = verify_log(work)
    assert verdict.status is Status.ANCHOR_NOT_REPRODUCED


def test_a_copy_that_nobody_signed_is_reported(app: Flask, home: Services) -> None:
    page = verify(app, home, signed(home).replace("\n", "\nx", 1))
    assert audit_verdicts.KIND_WORDS[Kind.HEAD_NOT_SIGNED] in page


def test_an_unreadable_event_is_still_listed(app: Flask, home: Services) -> None:
    tamper(home, "UPDATE audit_event SET body = CAST('{}' AS BLOB) WHERE seq = 3")
    page = Browser(app, home, "AU01").get("/audit")
    assert "この記録は読めません" in page
    assert '<td class="amount">3</td>' in page


@pytest.mark.parametrize(
    ("code", "reads", "verifies"),
    [
        ("OP01", 403, 403),
        ("CF01", 403, 403),
        ("SV01", 403, 403),
        ("AD01", 403, 200),
        ("VF01", 403, 200),
        ("AU01", 200, 200),
    ],
)
def test_each_role_reads_and_verifies_what_the_table_says(
    app: Flask, home: Services, code: str, reads: int, verifies: int
) -> None:
    browser = Browser(app, home, code)
    browser.get("/audit", status=reads)
    browser.get("/audit/verify", status=verifies)
    browser.post("/audit/verify", status=verifies)
    assert browser.post_without_token("/audit/verify").status_code == 400


def test_every_tag_and_word_is_said_in_japanese() -> None:
    assert [tag.value for tag in Tag if words.tag_words(tag) == tag.value] == []
    assert set(families()) == set(words.FAMILY_WORDS)
    assert set(words.RESULT_WORDS) == set(words.RESULT_TONES) == set(Result)
    assert set(words.GROUP_WORDS) == set(FieldGroup)
    assert set(audit_verdicts.KIND_WORDS) == set(Kind)
    for table in (
        audit_verdicts.VERDICT_TITLES,
        audit_verdicts.VERDICT_TEXTS,
        audit_verdicts.VERDICT_TONES,
    ):
        assert set(table) == set(Status)
    assert set(ROLE_LABELS) == set(Role)
