"""Hand-overs, receipts and the gateway folders (S3-B2-12, S4-8.5, S4-8.7-2)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from secure_store import limits
from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.exchange.alarms import AlarmKind, exchange_alarms
from secure_store.exchange.exchange_errors import InboundRefused
from secure_store.exchange.exchange_keys import exchange_keys, make_exchange_key
from secure_store.exchange.gateway import inbound_folder, list_inbound, sums_of
from secure_store.exchange.hand_over_views import (
    confirmed_lists,
    digest_over,
    facts_of,
    get_hand_over,
    hand_over_of_list,
    list_hand_overs,
    waiting_with,
)
from secure_store.exchange.hand_overs import give_back, mark_imported, note_hand_over
from secure_store.exchange.locking import age_locked, zip_locked
from secure_store.exchange.models import HandOverState
from secure_store.exchange.opening import open_delivery
from secure_store.exchange.taking import finish_import, open_registered, register_inbound
from secure_store.work import SecureStore
from tests.integration.secure_store.exchange_world import (
    AGENT,
    FILES,
    LISTS,
    OFF_CHART,
    OFFICER,
    SV,
    by_hand,
    done,
    refused,
    staffed,
    told,
)

pytestmark = pytest.mark.both_databases
HOUR = timedelta(minutes=60)
PASSWORD = "見本のパスワード-2022"
AT = (2022, 9, 13, 10, 0, 0)


@pytest.fixture
def world(store: SecureStore) -> SecureStore:
    return staffed(store)


def placed(store: SecureStore, name: str, contents: dict[str, bytes]) -> Path:
    folder = inbound_folder(store) / name
    folder.mkdir(parents=True)
    for file, data in contents.items():
        (folder / file).write_bytes(data)
    return folder


def alarms(store: SecureStore) -> list[AlarmKind]:
    with store.work(SV, readonly=True) as work:
        return [one.kind for one in exchange_alarms(work, HOUR, HOUR)]


@pytest.mark.clause("S3-B2-12")
def test_a_receipt_tells_means_place_time_post_count_and_digests(
    world: SecureStore, clock: FixedClock
) -> None:
    noted = done(
        world,
        SV,
        lambda work: note_hand_over(work, by_hand(work, told_rows=12), facts_of(FILES), LISTS),
    )
    assert noted.number.startswith("Y-20220915-")
    assert (noted.means, noted.place, noted.handed_by) == ("hand", "centre", "保育課長")
    assert (noted.handed_at, noted.noted_by, noted.told_rows) == (clock.now(), "SV01", 12)
    assert {one.sha256 for one in noted.files} == {
        hashlib.sha256(data).hexdigest() for data in FILES.values()
    }
    assert noted.digest == digest_over(noted.files)
    again = done(world, SV, lambda work: get_hand_over(work, noted.id))
    assert again == noted
    assert told(world, Tag.TRANSFER_REGISTERED) == told(world, Tag.LIST_RECEIPT_ISSUED) == 1


@pytest.mark.clause("S3-B2-12")
def test_a_means_or_place_that_was_not_designated_is_refused(
    world: SecureStore, clock: FixedClock
) -> None:
    wrong: tuple[dict[str, object], ...] = (
        {"means": "mail"},
        {"place": "cafe"},
        {"handed_by": " "},
        {"handed_at": clock.now() + timedelta(minutes=1)},
        {"means": "medium"},
        {"medium_serial": "USB-0001"},
    )
    for changes in wrong:
        with refused("hand_over_invalid"):
            done(
                world,
                SV,
                lambda work, changes=changes: note_hand_over(  # type: ignore[misc]
                    work, by_hand(work, **changes), facts_of(FILES), LISTS
                ),
            )
    with refused("hand_over_invalid"):
        done(world, SV, lambda work: note_hand_over(work, by_hand(work), (), LISTS))
    assert told(world, Tag.TRANSFER_REGISTERED) == 0


@pytest.mark.clause("S3-B2-12")
def test_a_delivery_without_a_record_stays_unconfirmed(world: SecureStore) -> None:
    list_id = uuid4()
    assert done(world, SV, lambda work: hand_over_of_list(work, list_id)) is None
    assert list_id not in done(world, SV, confirmed_lists)
    noted = done(
        world,
        SV,
        lambda work: note_hand_over(work, by_hand(work), facts_of(FILES), LISTS, list_id=list_id),
    )
    assert noted.state is HandOverState.IMPORTED
    assert done(world, SV, lambda work: hand_over_of_list(work, list_id)) == noted
    assert list_id in done(world, SV, confirmed_lists)
    with refused("hand_over_stands"):
        done(
            world,
            SV,
            lambda work: note_hand_over(
                work, by_hand(work), facts_of(FILES), LISTS, list_id=list_id
            ),
        )


def test_one_delivery_has_one_receipt_until_it_is_given_back(world: SecureStore) -> None:
    def note() -> object:
        return done(
            world, SV, lambda work: note_hand_over(work, by_hand(work), facts_of(FILES), LISTS)
        )

    note()
    with refused("hand_over_stands"):
        note()
    waiting = done(world, SV, lambda work: waiting_with(work, digest_over(facts_of(FILES))))
    assert waiting is not None
    done(world, SV, lambda work: give_back(work, waiting.id))
    with refused("hand_over_stands"):
        done(world, SV, lambda work: give_back(work, waiting.id))
    note()
    assert len(done(world, SV, list_hand_overs)) == 2


@pytest.mark.clause("S4-8.7-2")
def test_what_is_received_and_not_imported_is_an_alarm_after_its_time(
    world: SecureStore, clock: FixedClock
) -> None:
    noted = done(
        world, SV, lambda work: note_hand_over(work, by_hand(work), facts_of(FILES), LISTS)
    )
    clock.advance(timedelta(minutes=59))
    assert alarms(world) == []
    clock.advance(timedelta(minutes=1))
    assert alarms(world) == [AlarmKind.NOT_IMPORTED]
    done(world, SV, lambda work: mark_imported(work, noted.id, uuid4()))
    assert alarms(world) == []


@pytest.mark.clause("S4-8.5", "S4-8.7-1")
def test_an_encrypted_delivery_of_the_folder_is_registered_opened_in_memory_and_overwritten(
    world: SecureStore,
) -> None:
    key = done(world, SV, make_exchange_key)
    locked = {f"{name}.age": age_locked(data, key.public_key) for name, data in FILES.items()}
    folder = placed(world, "20220913_A01", {**locked, "SHA256SUMS": sums_of(locked)})
    with world.work(SV, readonly=True) as work:
        (seen,) = list_inbound(work)
        new = by_hand(work)
    assert (seen.name, seen.files, seen.number) == ("20220913_A01", 2, None)
    noted = register_inbound(world, SV, "20220913_A01", new, LISTS)
    assert {one.form.value for one in noted.files} == {"age"}
    assert done(world, SV, list_inbound)[0].number == noted.number
    assert open_registered(world, SV, noted.id, None) == FILES
    clear = [path for path in folder.parent.rglob("*") if path.is_file()]
    assert all(data not in path.read_bytes() for path in clear for data in FILES.values())
    list_id = uuid4()
    finish_import(world, SV, noted.id, list_id)
    assert done(world, SV, list_inbound) == []
    assert not folder.exists()
    assert done(world, SV, lambda work: get_hand_over(work, noted.id)).list_id == list_id
    with refused("hand_over_stands"):
        open_registered(world, SV, noted.id, None)


@pytest.mark.clause("S4-8.5", "S3-B2-12")
def test_what_arrives_beside_a_registered_delivery_is_kept_until_it_has_its_own_receipt(
    world: SecureStore,
) -> None:
    key = done(world, SV, make_exchange_key)
    first, second = (age_locked(data, key.public_key) for data in (b"lent", b"lent later"))
    folder = placed(world, "one", {"A.age": first, "SHA256SUMS": sums_of({"A.age": first})})
    with world.work(SV, readonly=True) as work:
        new = by_hand(work)
    noted = register_inbound(world, SV, "one", new, LISTS)
    assert open_registered(world, SV, noted.id, None) == {"A": b"lent"}
    (folder / "B.age").write_bytes(second)  # while intake reads the first
    finish_import(world, SV, noted.id, uuid4())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"B.age": second}
    (left,) = done(world, SV, list_inbound)
    assert (left.name, left.files, left.number) == ("one", 1, None)
    later = register_inbound(world, SV, "one", new, LISTS)
    assert open_registered(world, SV, later.id, None) == {"B": b"lent later"}
    finish_import(world, SV, later.id, uuid4())
    assert not folder.exists()


@pytest.mark.clause("S4-8.5")
def test_a_delivery_that_memory_should_not_hold_at_once_is_not_read(world: SecureStore) -> None:
    folder = placed(world, "large", {})
    for number in range(4):
        with (folder / f"{number}.age").open("wb") as stream:
            stream.truncate(60 * limits.MIB)  # empty places: nothing of it lies on the disk
    with world.work(SV, readonly=True) as work:
        new = by_hand(work)
    with pytest.raises(InboundRefused) as refusal:
        register_inbound(world, SV, "large", new, LISTS)
    assert refusal.value.details["fault"] == "size"


@pytest.mark.clause("S4-8.5")
def test_a_file_altered_before_or_after_its_registration_is_not_taken_in(
    world: SecureStore,
) -> None:
    folder = placed(world, "one", {"A.csv": b"lent", "SHA256SUMS": sums_of({"A.csv": b"lent"})})
    (folder / "A.csv").write_bytes(b"Lent")
    with world.work(SV, readonly=True) as work:
        new = by_hand(work)
    with refused("inbound_altered"):
        register_inbound(world, SV, "one", new, LISTS)
    (folder / "A.csv").write_bytes(b"lent")
    noted = register_inbound(world, SV, "one", new, LISTS)
    for change in ({"A.csv": b"lenT"}, {"B.csv": b"more"}):
        for name, data in change.items():
            (folder / name).write_bytes(data)
        (folder / "SHA256SUMS").unlink(missing_ok=True)
        with refused("inbound_altered"):
            open_registered(world, SV, noted.id, None)
    assert told(world, Tag.TRANSFER_REFUSED) == 3
    assert done(world, SV, lambda work: get_hand_over(work, noted.id)).state is (
        HandOverState.RECEIVED
    )


@pytest.mark.clause("S4-8.5")
def test_folders_that_are_no_delivery_are_refused(world: SecureStore, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"elsewhere")
    placed(world, "empty", {})
    placed(world, "lied", {"A.csv": b"1", "SHA256SUMS": b"no digest\n"})
    placed(world, "many", {f"{number}.csv": b"1" for number in range(21)})
    placed(world, "link", {"A.csv": b"1"})
    (inbound_folder(world) / "link" / "B.csv").symlink_to(tmp_path / "secret")
    placed(world, "見本 花子", {"A.csv": b"1"})
    with world.work(SV, readonly=True) as work:
        new = by_hand(work)
        names = [one.name for one in list_inbound(work)]
    assert "見本 花子" not in names
    assert None in names
    for name in ("empty", "lied", "many", "link", "見本 花子", "../inbound", "nothing", ".."):
        with refused("inbound_refused"):
            register_inbound(world, SV, name, new, LISTS)


@pytest.mark.clause("S4-16.1-1")
def test_a_production_home_takes_no_clear_file_from_its_folder(world: SecureStore) -> None:
    world.is_rehearsal = False
    placed(world, "clear", FILES)
    locked = zip_locked("A.csv", b"lent", PASSWORD, AT)
    placed(world, "mixed", {"A.zip": locked, "B.csv": b"1"})
    placed(world, "locked", {"A.zip": locked})
    with world.work(SV, readonly=True) as work:
        new = by_hand(work)
    for name in ("clear", "mixed"):
        with refused("inbound_refused"):
            register_inbound(world, SV, name, new, LISTS)
    noted = register_inbound(world, SV, "locked", new, LISTS)
    assert open_registered(world, SV, noted.id, PASSWORD) == {"A.csv": b"lent"}


@pytest.mark.clause("S4-8.7-1")
def test_wrong_passwords_are_counted_and_the_file_has_to_wait(
    world: SecureStore, clock: FixedClock
) -> None:
    files = {"A.zip": zip_locked("A.csv", b"lent", PASSWORD, AT)}
    for _try in range(5):
        with refused("file_password_wrong"):
            open_delivery(world, SV, files, "a guess")
    with refused("file_password_paused"):
        open_delivery(world, SV, files, PASSWORD)
    other = {"B.zip": zip_locked("A.csv", b"other", PASSWORD, AT)}
    assert open_delivery(world, SV, other, PASSWORD) == {"A.csv": b"other"}
    clock.advance(timedelta(minutes=15))
    assert open_delivery(world, SV, files, PASSWORD) == {"A.csv": b"lent"}
    with refused("file_password_wrong"):
        open_delivery(world, SV, files, "a guess")
    assert told(world, Tag.TRANSFER_REFUSED) == 6
    assert told(world, Tag.TRANSFER_OPENED) == 2


@pytest.mark.clause("S4-14.2a", "S3-B1-5.5")
@pytest.mark.parametrize("actor", [OFF_CHART, AGENT, OFFICER])
def test_nobody_else_opens_what_the_city_lent(world: SecureStore, actor: Actor) -> None:
    code = "not_a_handler" if actor is OFF_CHART else "not_allowed"
    with refused(code):
        open_delivery(world, actor, FILES)
    with refused(code):
        done(world, actor, lambda work: note_hand_over(work, by_hand(work), (), LISTS))


def test_a_new_exchange_key_opens_what_was_sent_to_the_one_before(world: SecureStore) -> None:
    first = done(world, SV, make_exchange_key)
    second = done(world, SV, make_exchange_key)
    assert first.public_key != second.public_key
    keys = done(world, SV, exchange_keys)
    assert {one.public_key for one in keys if one.ended_at is None} == {second.public_key}
    for key in (first, second):
        files = {"A.csv.age": age_locked(b"lent", key.public_key)}
        assert open_delivery(world, SV, files) == {"A.csv": b"lent"}
    with refused("not_allowed"):
        done(world, OFFICER, make_exchange_key)
