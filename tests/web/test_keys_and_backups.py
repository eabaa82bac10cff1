"""Keys and backups on the screens of the system administrator."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from secure_store.backups.quarantine import shut
from secure_store.backups.register import live_backups
from secure_store.key_custody import key_status
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import BatchScope
from tests.web.calls_to_tickets import SUPERVISOR
from tests.web.pages import Browser, enrol, make_app, page_faults
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.runtime.wiring import open_home
from webui.services import Services

SECOND = {"second_code": "SV01", "second_password": REHEARSAL_PASSWORD}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "AD01", "AU01")
    keyring = installed_of(home.store).keyring
    keyring.ensure_data_key(BatchScope("004", "A01", "A01-202209"), home.store.clock.now())
    return make_app(home)


@pytest.fixture
def medium(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "medium").mkdir()
    return {"code": "bk01", "serial": "S-0001", "folder": str(tmp_path / "medium")}


def test_the_page_of_the_keys_shows_numbers_and_no_key(app: Flask, home: Services) -> None:
    page = Browser(app, home, "AD01").get("/key-store")
    assert page_faults(page) == []
    for word in ("保証水準", "A01-202209", "データ鍵", "パスフレーズ", "鍵そのもの"):
        assert word in page
    with installed_of(home.store).keyring.store.read() as table:
        for key in table.keys_under("004"):
            assert key.wrapped.hex() not in page
            assert key.key_id.hex() not in page
    for code in ("OP01", "AU01", "SV01"):
        Browser(app, home, code).get("/key-store", status=403)
        Browser(app, home, code).get("/backups", status=403)


@pytest.mark.clause("S4-14.10")
def test_a_key_is_rotated_by_two_persons_only(app: Flask, home: Services) -> None:
    admin = Browser(app, home, "AD01")
    admin.get("/key-store")
    for given, sentence in (
        ({"which": "contract", **SECOND, "second_password": "x"}, "直すところ"),
        ({"which": "contract", **SECOND, "second_code": "AD01"}, "別の人"),
        ({"which": "contract", **SECOND, "second_code": "OP01"}, "この人は確認できません"),
        ({"which": "Z99-202209", **SECOND}, "新しくする鍵を選んでください"),
    ):
        admin.post("/key-store/rotate", given, status=422)
        assert sentence in admin.last
        assert key_status(home.store).epoch == 1
    admin.post("/key-store/rotate", {"which": "contract", **SECOND})
    assert key_status(home.store).epoch == 2
    assert "読み返しました" in admin.get("/key-store?done=contract")


def test_a_medium_is_registered_a_backup_taken_and_checked(
    app: Flask, home: Services, medium: dict[str, str]
) -> None:
    admin = Browser(app, home, "AD01")
    page = admin.get("/backups")
    assert page_faults(page) == []
    assert "媒体が登録されていません" in page
    admin.post("/backups/media", {**medium, "serial": ""}, status=422)
    assert "製造番号を" in admin.last
    admin.post("/backups/media", medium)
    admin.post("/backups/media", medium, status=422)
    assert "すでにあります" in admin.last
    admin.post("/backups/run", {"medium": "BK01"})
    with home.store.work(SUPERVISOR, readonly=True) as work:
        (taken,) = live_backups(work)
    assert "未検証" in admin.get("/backups")
    admin.post(f"/backups/{taken.number}/verify")
    page = admin.get("/backups?done=sound")
    assert page_faults(page) == []
    assert "検証済み" in page
    admin.post("/backups/media/BK01/retire", status=409)
    taken.path.write_bytes(b"spoilt")
    admin.post(f"/backups/{taken.number}/verify")
    assert "使えません" in admin.get("/backups?done=unsound")


@pytest.mark.clause("S4-16.1-1")
def test_an_unregistered_target_is_refused_on_the_screen(app: Flask, home: Services) -> None:
    admin = Browser(app, home, "AD01")
    admin.get("/backups")
    admin.post("/backups/run", {"medium": "USB9"}, status=403)
    assert "登録した媒体にだけ" in admin.last


@pytest.mark.clause("T12")
def test_every_page_of_a_running_home_refuses_as_soon_as_it_is_shut(home: Services) -> None:
    services = open_home(home.settings.home)
    services.store.clock = home.store.clock
    enrol(home, "SV01", "AD01")
    admin = Browser(make_app(services), services, "AD01")
    admin.get("/backups")
    shut(installed_of(home.store).keyring)
    for path in ("/backups", "/", "/login", "/healthz"):
        admin.get(path, status=503)
        assert "使用を止めています" in admin.last
    services.store.engine.dispose()
