"""Orders of the city that were entered before they had an instant of effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, MetaData, Table, select

from secure_store.database import make_engine
from secure_store.schema import upgrade

DAY = date(2022, 9, 20)
ENTERED = datetime(2022, 9, 14, 23, 30, tzinfo=UTC)  # 08:30 of the 15th in Tokyo


@pytest.fixture
def engine(bare_database_url: str) -> Iterator[Engine]:
    engine = make_engine(bare_database_url)
    yield engine
    engine.dispose()


def orders(engine: Engine) -> Table:
    return Table("dated_order", MetaData(), autoload_with=engine)


@pytest.mark.both_databases
def test_old_orders_hold_for_their_whole_day_and_have_names_of_their_own(engine: Engine) -> None:
    upgrade(engine, "0003")
    table = orders(engine)
    values = {"day": DAY, "intervals": "", "entered_by": "SV01"}
    with engine.begin() as connection:
        for minutes, document in ((0, "1"), (1, "2"), (2, "1")):
            at = ENTERED + timedelta(minutes=minutes)
            row = values | {"id": uuid4(), "document_no": document, "entered_at": at}
            if engine.dialect.name == "sqlite":
                row |= {"id": uuid4().hex, "entered_at": at.replace(tzinfo=None)}
            connection.execute(table.insert(), row)
    upgrade(engine, "0004")
    with engine.connect() as connection:
        rows = connection.execute(select(orders(engine)).order_by("entered_at")).mappings().all()
    assert [(one["document_no"], one["running_no"]) for one in rows] == [
        ("1", 1),
        ("2", 1),
        ("1", 2),
    ]
    assert {one["received_on"] for one in rows} == {date(2022, 9, 15)}
    effects = {one["effective_at"].replace(tzinfo=None) for one in rows}
    assert effects == {datetime(2022, 9, 19, 15, 0)}
