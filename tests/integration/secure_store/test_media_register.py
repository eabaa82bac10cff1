"""媒体台帳 from registered to back under lock, empty (S4-8.7-1, S4-14.2a to 14.2c, T56)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.exchange import media, wiping
from secure_store.exchange.alarms import AlarmKind, exchange_alarms
from secure_store.exchange.exchange_errors import MediumNotEmpty
from secure_store.exchange.hand_over_views import facts_of
from secure_store.exchange.hand_overs import note_hand_over
from secure_store.exchange.handlers import end_handler, handlers, name_handler
from secure_store.work import SecureStore, UnitOfWork
from tests.integration.secure_store.exchange_world import (
    ADMIN,
    AGENT,
    AUDITOR,
    FILES,
    LISTS,
    OFF_CHART,
    OFFICER,
    SV,
    SV2,
    by_hand,
    done,
    refused,
    staffed,
    told,
)

pytestmark = pytest.mark.both_databases
HOUR = timedelta(minutes=60)
USB = "USB-0001"


@pytest.fixture
def world(store: SecureStore) -> SecureStore:
    staffed(store)
    done(store, SV, lambda work: media.register_medium(work, USB, "見本 U-1", encrypted=True))
    return store


def alarms(store: SecureStore) -> list[AlarmKind]:
    with store.work(SV, readonly=True) as work:
        return [one.kind for one in exchange_alarms(work, HOUR, HOUR)]


def use(work: UnitOfWork) -> media.MediumView:
    return media.note_use(work, USB, "A01-202209", 4)


@pytest.mark.clause("S4-14.2c", "T56")
def test_a_medium_goes_out_is_used_wiped_and_comes_back(
    world: SecureStore, clock: FixedClock
) -> None:
    taken = done(world, SV, lambda work: media.take_out(work, USB))
    assert (taken.holder, taken.open_since) == ("SV01", None)
    used = done(world, SV, use)
    assert used.open_since == clock.now()
    clock.advance(timedelta(minutes=20))
    wiped = done(world, SV, lambda work: media.note_wiped(work, USB, 4))
    assert (wiped.open_since, wiped.holder) == (None, "SV01")
    back = done(world, SV, lambda work: media.give_back(work, USB))
    assert (back.holder, back.taken_at) == (None, None)
    assert [one.step.value for one in back.events] == ["returned", "wiped", "used", "taken"]
    assert {one.by for one in back.events} == {"SV01"}
    assert [told(world, tag) for tag in media.TAGS.values()] == [1, 1, 1, 1]
    assert told(world, Tag.MEDIUM_REGISTERED) == 1


@pytest.mark.clause("S4-14.2b", "T56")
def test_data_on_a_medium_is_an_alarm_after_its_time_and_until_it_is_wiped(
    world: SecureStore, clock: FixedClock
) -> None:
    done(world, SV, lambda work: media.take_out(work, USB))
    done(world, SV, use)
    clock.advance(timedelta(minutes=59))
    assert alarms(world) == []
    clock.advance(timedelta(minutes=1))
    assert alarms(world) == [AlarmKind.MEDIUM_NOT_WIPED]
    done(world, SV, use)  # a second use does not set the time back
    assert alarms(world) == [AlarmKind.MEDIUM_NOT_WIPED]
    done(world, SV, lambda work: media.note_wiped(work, USB, 4))
    assert alarms(world) == []


@pytest.mark.clause("T56", "S4-14.2b")
def test_ten_of_ten_media_end_empty_and_a_missing_wipe_is_told_of_each(
    world: SecureStore, clock: FixedClock, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    serials = [f"USB-01{number:02d}" for number in range(10)]
    for serial in serials:
        done(world, SV, partial(media.register_medium, serial=serial, maker="見本", encrypted=True))
        done(world, SV, partial(media.take_out, serial=serial))
        done(world, SV, partial(media.note_use, serial=serial, reference="A01-202209", files=2))
        (mounts / serial / "month").mkdir(parents=True)
        for name in ("a.csv", "month/b.csv"):
            (mounts / serial / name).write_bytes(b"lent" * 500)
    clock.advance(HOUR)
    assert alarms(world) == [AlarmKind.MEDIUM_NOT_WIPED] * 10
    for wiped, serial in enumerate(serials, start=1):
        count = wiping.wipe_folder(mounts / serial).files
        done(world, SV, partial(media.note_wiped, serial=serial, files=count))
        assert len(alarms(world)) == 10 - wiped
        done(world, SV, partial(media.give_back, serial=serial))
    assert not [path for path in mounts.rglob("*") if path.is_file()]
    views = done(world, SV, media.list_media)
    assert {(one.holder, one.open_since) for one in views} == {(None, None)}
    assert told(world, Tag.MEDIUM_WIPED) == 10


@pytest.mark.clause("S4-14.2c", "T56")
def test_a_medium_that_is_not_back_at_the_end_of_its_day_is_an_alarm(
    world: SecureStore, clock: FixedClock
) -> None:
    done(world, SV, lambda work: media.take_out(work, USB))
    clock.advance(timedelta(hours=12))  # 23:30 of the same day
    assert alarms(world) == []
    clock.advance(timedelta(minutes=30))
    assert alarms(world) == [AlarmKind.MEDIUM_NOT_RETURNED]
    done(world, SV, lambda work: media.give_back(work, USB))
    assert alarms(world) == []


@pytest.mark.clause("S4-14.2a")
@pytest.mark.parametrize("actor", [OFF_CHART, AGENT, OFFICER, ADMIN, AUDITOR])
def test_only_a_supervisor_on_the_chart_handles_media(world: SecureStore, actor: Actor) -> None:
    code = "not_a_handler" if actor is OFF_CHART else "not_allowed"
    acts: tuple[Callable[[UnitOfWork], object], ...] = (
        lambda work: media.register_medium(work, "USB-0002", "見本", encrypted=True),
        lambda work: media.take_out(work, USB),
        lambda work: media.note_wiped(work, USB, 1),
        lambda work: media.give_back(work, USB),
        lambda work: media.retire(work, USB),
    )
    for act in acts:
        with refused(code):
            done(world, actor, act)
    assert done(world, SV, media.list_media)[0].events == ()


@pytest.mark.clause("S3-B1-5.5")
def test_once_handlers_are_named_the_chart_alone_is_not_enough(world: SecureStore) -> None:
    done(world, ADMIN, lambda work: name_handler(work, "SV02"))
    done(world, ADMIN, lambda work: name_handler(work, "SV02"))
    with refused("not_a_handler"):
        done(world, SV, lambda work: media.take_out(work, USB))
    assert done(world, SV2, lambda work: media.take_out(work, USB)).holder == "SV02"
    done(world, ADMIN, lambda work: end_handler(work, "SV02"))
    done(world, ADMIN, lambda work: name_handler(work, "SV01"))
    with refused("not_a_handler"):
        done(world, SV2, lambda work: media.give_back(work, USB))
    named = done(world, ADMIN, handlers)
    assert sorted((one.staff_code, one.ended_at is None) for one in named) == [
        ("SV01", True),
        ("SV02", False),
    ]
    with refused("not_found"):
        done(world, ADMIN, lambda work: name_handler(work, "OP01"))
    with refused("not_allowed"):
        done(world, SV, lambda work: name_handler(work, "SV01"))


@pytest.mark.clause("S4-8.7-1", "S3-B1-4.5")
def test_nothing_is_imported_from_a_medium_that_is_unknown_unencrypted_or_not_ones_own(
    world: SecureStore,
) -> None:
    done(world, SV, lambda work: media.register_medium(work, "USB-0002", "見本", encrypted=False))

    def hand_over(serial: str, actor: Actor = SV) -> object:
        return done(
            world,
            actor,
            lambda work: note_hand_over(
                work, by_hand(work, means="medium", medium_serial=serial), facts_of(FILES), LISTS
            ),
        )

    with refused("medium_unknown"):
        hand_over("USB-9999")
    with refused("medium_not_encrypted"):
        hand_over("USB-0002")
    with refused("medium_not_allowed"):
        hand_over(USB)  # still under lock
    done(world, SV, lambda work: media.take_out(work, USB))
    with refused("medium_not_allowed"):
        hand_over(USB, SV2)  # in another person's hands
    hand_over(USB)
    assert done(world, SV, lambda work: media.get_medium(work, USB)).open_since is not None


@pytest.mark.clause("S4-14.2b")
def test_a_medium_with_data_is_not_put_away_and_steps_come_in_order(world: SecureStore) -> None:
    with refused("medium_not_allowed"):
        done(world, SV, lambda work: media.give_back(work, USB))
    done(world, SV, lambda work: media.take_out(work, USB))
    with refused("medium_not_allowed"):
        done(world, SV2, lambda work: media.take_out(work, USB))
    done(world, SV, use)
    for act in (media.give_back, media.retire):
        with refused("medium_not_allowed"):
            done(world, SV, lambda work, act=act: act(work, USB))  # type: ignore[misc]
    done(world, SV, lambda work: media.note_wiped(work, USB, 4))
    done(world, SV, lambda work: media.give_back(work, USB))
    assert done(world, SV, lambda work: media.retire(work, USB)).retired_at is not None
    with refused("medium_not_allowed"):
        done(world, SV, lambda work: media.take_out(work, USB))
    with refused("medium_exists"):
        done(world, SV, lambda work: media.register_medium(work, USB, "見本", encrypted=True))


@pytest.mark.clause("S4-14.2b", "T56")
def test_wiping_a_mounted_medium_overwrites_every_file_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    mounted, outside = tmp_path / "usb", tmp_path / "outside.csv"
    (mounted / "月" / "deep").mkdir(parents=True)
    outside.write_bytes(b"not on the medium")
    planted = {mounted / "a.csv": b"lent one" * 9999, mounted / "月" / "deep" / "b": b"lent two"}
    for path, data in planted.items():
        path.write_bytes(data)
    (mounted / "link").symlink_to(outside)
    # Another name of the same bytes shows what lies where the file lay.
    kept = {tmp_path / f"kept-{number}": path for number, path in enumerate(planted)}
    for name, path in kept.items():
        os.link(path, name)
    assert wiping.wipe_folder(mounted) == wiping.Wiped(3, sum(map(len, planted.values())))
    assert list(mounted.iterdir()) == []
    assert outside.read_bytes() == b"not on the medium"
    for name, path in kept.items():
        assert len(name.read_bytes()) == len(planted[path])
        assert b"lent" not in name.read_bytes()
    (mounted / "c").write_bytes(b"lent")
    monkeypatch.setattr(wiping.secrets, "token_bytes", lambda size: WrongOnReading(bytes(size)))
    with pytest.raises(MediumNotEmpty):
        wiping.wipe_folder(mounted)


class WrongOnReading(bytes):
    """What is read back never equals what was written: a medium that takes no writing."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = bytes.__hash__
