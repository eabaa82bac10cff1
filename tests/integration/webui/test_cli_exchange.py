"""The exchange on the command line: gateway, media, exports, inventory (S4-8.5, S4-14.2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_homes import CAMPAIGN, PERIOD, Shell, lent_files

from secure_store.exchange.locking import age_locked, zip_locked

PASSWORD = "見本のパスワード-2022"
AT = (2022, 9, 13, 10, 0, 0)
HAND_OVER = ("--means", "hand", "--place", "centre", "--by", "保育課長")


def placed(shell: Shell, tmp_path: Path, lock: str) -> Path:
    """An encrypted delivery in the inbound folder."""
    opening = ("campaign", "open", "--receivable", "A01", "--month", "2022-09", *PERIOD)
    shell.done(*opening, "--as", "SV01")
    folder = shell.home / "exchange" / "inbound" / "one"
    folder.mkdir()
    key = shell.done("gateway", "key", "--new", "--as", "SV01")["public_key"]
    for path in lent_files(tmp_path / "lent"):
        data = path.read_bytes()
        if lock == "age":
            (folder / f"{path.name}.age").write_bytes(age_locked(data, key))
        else:
            (folder / f"{path.stem}.zip").write_bytes(zip_locked(path.name, data, PASSWORD, AT))
    return folder


@pytest.mark.clause("S4-8.5", "S3-B2-12")
@pytest.mark.parametrize("lock", ["age", "zip"])
def test_a_delivery_is_registered_and_taken_in(shell: Shell, tmp_path: Path, lock: str) -> None:
    folder = placed(shell, tmp_path, lock)
    (listed,) = shell.done("gateway", "list", "--as", "SV01")["folders"]
    assert (listed["name"], listed["files"], listed["receipt"]) == ("one", 4, None)
    words = ("gateway", "register", "one", "--campaign", CAMPAIGN, "--as", "SV01")
    wrong = (*HAND_OVER[:2], "--place", "centre", "--by", "見本花子")
    assert shell.refused(*words, *wrong) == "hand_over_invalid"
    noted = shell.done(*words, *HAND_OVER, "--rows", "8")
    assert noted["receipt"].startswith("Y-2022")
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    taking = ("gateway", "take", noted["receipt"], "--as", "SV01")
    if lock == "zip":
        assert shell.refused(*taking) == "file_password_missing"
        taking = (*taking, "--password-file", str(secret))
    taken = shell.done(*taking)
    assert (taken["receipt"], taken["campaign"]) == (noted["receipt"], CAMPAIGN)
    assert not folder.exists()
    assert shell.refused(*taking) == "hand_over_stands"
    (received,) = shell.done("gateway", "log", "--as", "AU01")["received"]
    assert (received["state"], received["digest"]) == ("imported", noted["digest"])


@pytest.mark.clause("S4-14.2b", "S4-14.2a")
def test_a_medium_is_wiped_where_it_is_mounted(shell: Shell, tmp_path: Path) -> None:
    mounted = tmp_path / "usb"
    (mounted / "deep").mkdir(parents=True)
    (mounted / "deep" / "a.csv").write_bytes(b"lent")
    wiping = ("media", "wipe", "usb-1", "--path", str(mounted), "--as", "SV01")
    assert shell.refused(*wiping) == "medium_unknown"
    given = ("--maker", "見本", "--encrypted", "--as", "SV01")
    shell.done("media", "register", "usb-1", *given)
    assert shell.refused("media", "register", "USB-1", *given) == "medium_exists"
    assert shell.refused(*wiping) == "medium_not_allowed"
    assert (mounted / "deep" / "a.csv").read_bytes() == b"lent"
    assert shell.done("media", "take", "usb-1", "--as", "SV01")["holder"] == "SV01"
    assert shell.refused("media", "take", "usb-1", "--as", "OP01") == "not_allowed"
    kept = {path for path in shell.home.rglob("*") if path.is_file()}
    for place in (shell.home, shell.home.parent, shell.home / "logs"):
        place.mkdir(exist_ok=True)
        wrong = [*wiping[:4], str(place), *wiping[5:]]
        assert shell.refused(*wrong) == "medium_holds_home"
    assert kept <= set(shell.home.rglob("*"))
    wiped = shell.done(*wiping)
    assert (wiped["files"], wiped["bytes"], wiped["open_since"]) == (1, 4, None)
    assert list(mounted.iterdir()) == []
    shell.done("media", "return", "usb-1", "--as", "SV01")
    (listed,) = shell.done("media", "list", "--as", "AU01")["media"]
    assert (listed["holder"], listed["is_retired"]) == (None, False)
    assert shell.done("media", "retire", "usb-1", "--as", "SV01")["is_retired"]


@pytest.mark.clause("S4-8.6-1")
def test_an_approval_is_entered_listed_and_ended(shell: Shell) -> None:
    words = ("export", "approve", "--document", "保第30号", "--signer", "保育課長", "--as", "SV01")
    until = ("--days", "2022-09-15..2022-09-30")
    assert shell.refused(*words, "--purpose", "x", "--place", "department", *until) == (
        "export_approval_invalid"
    )
    view = shell.done(*words, "--purpose", "report", "--place", "department", *until)
    (listed,) = shell.done("export", "list", "--as", "SV01")["approvals"]
    assert (listed["approval"], listed["runs"]) == (view["approval"], 0)
    shell.done("export", "end", view["approval"], "--as", "SV01")
    assert shell.refused("export", "end", view["approval"], "--as", "SV01") == "not_found"
    assert shell.refused("export", "list", "--as", "OP01") == "not_allowed"


@pytest.mark.clause("S4-8.6e")
def test_the_inventory_counts_what_lies_in_every_place(shell: Shell, tmp_path: Path) -> None:
    opening = ("campaign", "open", "--receivable", "A01", "--month", "2022-09", *PERIOD)
    shell.done(*opening, "--as", "SV01")
    files = lent_files(tmp_path / "lent")
    shell.done("intake", *files, "--campaign", CAMPAIGN, "--as", "SV01")
    document = shell.done("inventory", "--as", "AU01")
    counts = {one["place"]: one["count"] for one in document["columns"]}
    assert counts["call_case.contact_sealed"] == counts["call_case.debt_sealed"] == 8
    assert {one["kind"]: one["count"] for one in document["files"]}["lent"] == 4
    assert {one["key"] for one in document["passages"]} == {
        "exchange_key",
        "city_key",
        "backup_key",
    }
    assert shell.refused("inventory", "--as", "OP01") == "not_allowed"
