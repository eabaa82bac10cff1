"""Takes lent data in: checked in memory, staged in slices, published by a supervisor.

Keys are written before rows (decision 2). Staged rows are invisible: everything that lists or
serves cases asks for published lists only. A staging that did not finish is removed at the next
start; a refused delivery leaves nothing behind but the audit event.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from campaigns.cases.cases import get_campaign
from campaigns.cases.models import (
    CallCase,
    Campaign,
    CasePhone,
    LentList,
    LentListState,
)
from campaigns.cases.personal_data import (
    RowToSeal,
    SealedRow,
    make_keys,
    make_record_salts,
    seal_rows,
)
from campaigns.errors import (
    AlreadyImported,
    ContractOver,
    EncodingChanged,
    KeysAlreadyLent,
    RowsRejected,
    StagingGivenUp,
)
from campaigns.intake.columns import Columns
from campaigns.intake.deliveries import report_document
from campaigns.intake.findings import DeliveryReport, Entry, Expected
from campaigns.intake.layouts import SAMPLE_LAYOUTS, FileKind
from campaigns.intake.lent_boxes import to_boxes
from campaigns.intake.lent_files import keep_lent_file
from campaigns.intake.ordered_ids import ordered_id
from campaigns.intake.row_values import case_values, phone_values
from campaigns.intake.staging_removal import remove_list, staging_name
from campaigns.intake.workbooks import check_files
from campaigns.profile.contract import current_profile
from campaigns.profile.instructions import calling_rules
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.live_work import alive
from secure_store.orders.suspension import require_intake
from secure_store.scratch import sealed_scratch
from secure_store.work import SecureStore, UnitOfWork

SLICE = 500  # rows per transaction: each holds the writers' turn for well under 100 ms
SALTED = 2 * SLICE  # rows whose salts are made at once: the key store syncs its folder each time
_NEW_CASES = insert(CallCase)
_NEW_PHONES = insert(CasePhone)
Progress = Callable[[int, int], None]


def _no_progress(_done: int, _all: int) -> None:
    """Nobody is watching."""


def digest_of(files: Mapping[str, bytes]) -> str:
    """One digest over all files of a delivery, whatever they are called."""
    parts = sorted(hashlib.sha256(content).hexdigest() for content in files.values())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def stage_delivery(
    store: SecureStore,
    actor: Actor,
    campaign_code: str,
    files: Mapping[str, bytes],
    progress: Progress = _no_progress,
) -> UUID:
    """Checks and stages a delivery; returns the id of the list that waits for publication.

    Raises AlreadyImported for the same files again, RowsRejected with the report when the
    delivery as a whole is refused. In both cases nothing has changed.
    """
    with alive(store, staging_name(campaign_code)), sealed_scratch() as columns:
        return _stage(store, actor, campaign_code, files, progress, columns)


def _stage(
    store: SecureStore,
    actor: Actor,
    campaign_code: str,
    files: Mapping[str, bytes],
    progress: Progress,
    columns: Columns,
) -> UUID:
    digest = digest_of(files)
    with store.work(actor) as work:
        expected = _may_receive(work, campaign_code, digest)
    report = check_files(files, expected, columns)
    if report.is_refused:
        _note_refusal(store, actor, campaign_code, report)
        raise RowsRejected(report=report_document(report))
    _require_one_encoding(store, actor, campaign_code, report)
    list_id = _begin(store, actor, campaign_code, files, digest, report)
    try:
        _write_rows(store, actor, campaign_code, list_id, report, progress)
    except BaseException:
        remove_list(store, actor, list_id)
        raise
    with store.work(actor) as work:
        lent_list = work.session.get_one(LentList, list_id, with_for_update=True)
        if lent_list.state is not LentListState.STAGING:
            raise StagingGivenUp(campaign=campaign_code)
        lent_list.state = LentListState.STAGED
        work.audit(
            Tag.LIST_IMPORTED,
            receivable=expected.receivable,
            batch=campaign_code,
            object_kind="lent_list",
            object_id=list_id,
            count=report.received,
            ref=digest,
        )
    return list_id


def _may_receive(work: UnitOfWork, campaign_code: str, digest: str) -> Expected:
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    campaign = get_campaign(work, campaign_code)
    require_intake(work, campaign.receivable)
    profile = current_profile(work)
    if business_day(work.now) > profile.contract_until:
        raise ContractOver(until=profile.contract_until.isoformat())
    again = work.session.scalar(
        select(LentList.id).where(
            LentList.campaign_code == campaign_code,
            LentList.digest == digest,
            LentList.state != LentListState.DISCARDED,
        )
    )
    if again is not None:
        raise AlreadyImported(campaign=campaign_code)
    levy_year = profile.parameters.levy_year
    workplace = calling_rules(work, campaign.receivable).workplace_numbers
    return Expected(campaign.receivable, campaign.month, levy_year, dials_workplace=workplace)


def _require_one_encoding(
    store: SecureStore, actor: Actor, campaign_code: str, report: DeliveryReport
) -> None:
    """The result file of a campaign has one encoding: that of its first published delivery."""
    with store.work(actor, readonly=True) as work:
        present = work.session.get_one(Campaign, campaign_code).encoding
    if present is not None and present is not report.encoding:
        raise EncodingChanged(campaign=campaign_code, encoding=present.value)


def _note_refusal(
    store: SecureStore, actor: Actor, campaign_code: str, report: DeliveryReport
) -> None:
    with store.work(actor) as work:
        work.audit(
            Tag.LIST_REFUSED,
            receivable=report.expected.receivable,
            batch=campaign_code,
            count=len(report.faults) + report.faults_beyond,
            result=Result.DENIED,
            reason=report.faults[0].code.value,
        )


def _begin(
    store: SecureStore,
    actor: Actor,
    campaign_code: str,
    files: Mapping[str, bytes],
    digest: str,
    report: DeliveryReport,
) -> UUID:
    receivable = report.expected.receivable
    taisho = next(file for file in report.files if file.kind is FileKind.TAISHO)
    if report.encoding is None or report.data_as_of is None:
        raise RowsRejected(report=report_document(report))
    make_keys(store, receivable, campaign_code, store.clock.now())
    list_id = uuid4()
    with store.work(actor) as work:
        for file in report.files:
            keep_lent_file(work, receivable, campaign_code, file.name, files[file.name])
        work.session.add(
            LentList(
                id=list_id,
                campaign_code=campaign_code,
                receivable=receivable,
                state=LentListState.STAGING,
                digest=digest,
                taisho_name=taisho.name,
                header=report.header,
                encoding=report.encoding,
                data_as_of=report.data_as_of,
                received=report.received,
                accepted=len(report.accepted),
                excluded=len(report.excluded),
                written=0,
                report=json.dumps(report_document(report), ensure_ascii=False),
                staged_at=work.now,
                staged_by=actor.code,
            )
        )
    return list_id


def _slices(entries: Iterator[Entry], rows: int) -> Iterator[Sequence[Entry]]:
    while part := tuple(islice(entries, rows)):
        yield part


def _write_rows(
    store: SecureStore,
    actor: Actor,
    campaign_code: str,
    list_id: UUID,
    report: DeliveryReport,
    progress: Progress,
) -> None:
    receivable = report.expected.receivable
    began, done = store.clock.now(), 0
    for salted in _slices(report.in_file_order(), SALTED):
        ids = {row.row_number: ordered_id(began, row.row_number) for row, _reason in salted}
        make_record_salts(store, receivable, campaign_code, [*ids.values()], store.clock.now())
        for part in _slices(iter(salted), SLICE):
            sealed = _sealed(store, receivable, campaign_code, part, ids)
            with store.work(actor) as work:
                _refuse_known_keys(work, campaign_code, sealed)
                _insert(work, receivable, campaign_code, list_id, part, sealed)
                work.session.get_one(LentList, list_id).written = done + len(part)
            done += len(part)
            progress(done, report.received)


def _sealed(
    store: SecureStore,
    receivable: str,
    campaign_code: str,
    part: Sequence[Entry],
    ids: Mapping[int, UUID],
) -> list[SealedRow]:
    rows = [
        RowToSeal(
            ids[row.row_number],
            1,
            to_boxes(row, SAMPLE_LAYOUTS, receivable),
            row.key,
            tuple(phone.digits for phone in row.facts.phones),
        )
        for row, _reason in part
    ]
    return seal_rows(store, receivable, campaign_code, rows)


def _refuse_known_keys(work: UnitOfWork, campaign_code: str, sealed: Sequence[SealedRow]) -> None:
    """A key already lent in this campaign would make two cases of one person."""
    known = work.session.scalar(
        select(CallCase.row_number)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.key_index.in_([row.key_index for row in sealed]),
        )
        .limit(1)
    )
    if known is not None:
        raise KeysAlreadyLent(campaign=campaign_code)


def _insert(
    work: UnitOfWork,
    receivable: str,
    campaign_code: str,
    list_id: UUID,
    part: Sequence[Entry],
    sealed: Sequence[SealedRow],
) -> None:
    cases = []
    phones = []
    for (row, exclusion), box in zip(part, sealed, strict=True):
        cases.append(case_values(receivable, campaign_code, list_id, row, exclusion, box))
        phones.extend(phone_values(campaign_code, row, box))
    work.session.flush()
    connection = work.session.connection()  # no objects: all rows go in one statement
    connection.execute(_NEW_CASES, cases)
    if phones:
        connection.execute(_NEW_PHONES, phones)
