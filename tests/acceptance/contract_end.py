"""The end of the contract at the screen: two people destroy the keys, a third one looks, a paper stays."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.acceptance.centre import Centre, confirm, jst
from tests.browsers import Visit
from webui.rehearsal.persons import REHEARSAL_PASSWORD


def the_contract_is_erased(centre: Centre) -> str:
    """Frozen, scanned, keys destroyed by two, rows and copies gone, verified, certified."""
    centre.clock.set(jst(2, 10, 0, month=6, year=2023))
    supervisor = centre.enters("SV01")
    supervisor.go("/erasure")
    page = supervisor.page
    page.locator("input[name=kind][value=contract]").check(force=True)
    page.get_by_role("button", name="起案して件数を数える").click()
    page.get_by_role("button", name="送ったことを記録する").click()
    page.get_by_role("button", name="凍結する").first.wait_for()
    address = page.url.removeprefix(centre.base).partition("?")[0]
    confirm(supervisor, "凍結する")
    page.get_by_role("button", name="検査する").click()
    two_people_destroy_the_keys(supervisor)
    page.get_by_role("button", name="行を消去する").click()
    page.get_by_role("button", name="写しを廃棄する").click()
    expect(page.get_by_role("button", name="検証する")).to_have_attribute("aria-disabled", "true")
    verifier = centre.enters("VF01")
    verifier.go(address)
    verifier.page.get_by_role("button", name="検証する").click()
    verifier.page.get_by_role("button", name="証明書を作る").wait_for()
    supervisor.go(address)
    page.get_by_role("button", name="証明書を作って署名する").click()
    page.get_by_role("button", name="市の受領を記録する").first.wait_for()
    return address


def two_people_destroy_the_keys(supervisor: Visit) -> None:
    """The button waits for the number; a wrong second password destroys nothing."""
    page = supervisor.page
    button = page.locator("#destroy-keys")
    button.wait_for()
    number = re.search(r"E-\d{8}-\d{3}", supervisor.text())
    assert number is not None
    for password in ("chigau-password-1", REHEARSAL_PASSWORD):
        expect(button).to_have_attribute("aria-disabled", "true")
        page.get_by_label("利用者番号").fill("AD01")
        page.get_by_label("パスワード").fill(password)
        page.locator("input[name=number]").fill(number[0])
        expect(button).not_to_have_attribute("aria-disabled", "true")
        button.click()
        if password != REHEARSAL_PASSWORD:
            expect(page.locator("main")).to_contain_text("二人目")
            button.wait_for()
    page.get_by_role("button", name="行を消去する").wait_for()


def anybody_can_check_the_certificate(centre: Centre, address: str, folder: Path) -> None:
    """With two files and a process that knows neither the home nor the database."""
    supervisor = centre.enters("SV01")
    context = supervisor.page.context
    certificate, public_key = folder / "certificate.json", folder / "key.pem"
    certificate.write_bytes(context.request.get(f"{centre.base}{address}/certificate.json").body())
    public_key.write_bytes(context.request.get(f"{centre.base}/erasure/public-key.pem").body())
    assert checked(certificate, public_key) == 0
    paper = json.loads(certificate.read_bytes())["certificate"]
    assert paper["validation"]["exceptions"] == []
    forged = certificate.read_bytes().replace(b"SV01", b"SV02", 1)
    assert forged != certificate.read_bytes()
    certificate.write_bytes(forged)
    assert checked(certificate, public_key) != 0


def checked(certificate: Path, public_key: Path) -> int:
    """The verifier's answer, from a process of its own."""
    module = "secure_store.verifier.certificate_check"
    return subprocess.run(
        [sys.executable, "-m", module, str(certificate), "--public-key", str(public_key)],
        check=False,
        capture_output=True,
        timeout=60,
    ).returncode


def nobody_is_found_any_more(centre: Centre) -> None:
    """No page of the supervisor and no file of the home holds a lent name, number or kana."""
    rows = centre.taisho()[1]
    values = {
        row[column]
        for row in rows
        for column in ("債務者氏名カナ", "債務者氏名漢字", "電話番号1", "住所")
        if row.get(column)
    }
    assert len(values) > len(rows)
    supervisor = centre.enters("SV01")
    for path in ("/board", "/assignments", "/outcomes", "/escalations", "/daily", "/audit"):
        supervisor.go(path)
        source = supervisor.page.content()
        assert not [one for one in values if one in source], path
