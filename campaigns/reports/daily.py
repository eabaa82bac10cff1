"""Builds the files of a closed day once: in memory, checked against the records, then sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.calling.models import CallRecord
from campaigns.calling.outcome_master import table_on, table_version
from campaigns.cases.cases import published_lists, running_campaigns
from campaigns.cases.encodings import Encoding
from campaigns.cases.models import Campaign
from campaigns.errors import DayNotClosed, ErasedMeanwhile, PackInconsistent
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours
from campaigns.reports.consistency import CampaignFiles, check_pack
from campaigns.reports.csv_writer import CampaignFrame, build_esc, build_kekka, build_meisai_call
from campaigns.reports.day_facts import CampaignDay, campaign_day
from campaigns.reports.nippo_facts import nippo_day
from campaigns.reports.nippo_writer import build_nippo
from campaigns.reports.pack_store import NIPPO, BuiltFile, newest_revision, seal_pack
from campaigns.reports.rows import Outcomes
from secure_store.access import Actor, Permission, require
from secure_store.erasure.execution import erased_by
from secure_store.exchange.manifest import DailyFileKind, daily_file_name, daily_report_name
from secure_store.work import SecureStore, UnitOfWork

REPORT_ENCODING = Encoding.CP932


@dataclass(frozen=True, slots=True)
class BuiltCampaign:
    """A campaign's three files with what they were made of."""

    day: CampaignDay
    frame: CampaignFrame
    kekka: bytes = field(repr=False)
    meisai_call: bytes = field(repr=False)
    esc: bytes = field(repr=False)


def build_files(store: SecureStore, actor: Actor, day: date) -> int:
    """Builds, checks and seals the pack of a closed day; returns how many files it has.

    A pack that was built stays as it is. Raises DayNotClosed, PackInconsistent with the number
    of faults: then nothing was sealed.
    """
    with store.work(actor) as work:
        require(actor, Permission.CLOSE_DAY)
        closed = work.session.get(DailyClose, day, with_for_update=True)
        if closed is None:
            raise DayNotClosed(day=day.isoformat())
        if closed.state is not DayState.CLOSED:
            return 0
        revision = newest_revision(work, day) + 1
        files = _files(work, closed, revision)
        seal_pack(work, day, revision, files)
        closed.state = DayState.BUILT
        return len(files)


def rebuilt_digests(work: UnitOfWork, day: date) -> dict[str, str]:
    """Builds the pack of a day anew, in memory, and gives its digests: those of the first build.

    Nothing is stored. Raises DayNotClosed, and ErasedMeanwhile with the erasure's number once an
    entry of a campaign was erased (decision 3); the digests of the first build stay.
    """
    require(work.actor, Permission.CLOSE_DAY)
    closed = work.session.get(DailyClose, day)
    if closed is None:
        raise DayNotClosed(day=day.isoformat())
    for one in running_campaigns(work, day):
        erasure = erased_by(work, one.receivable, one.code)
        if erasure is not None:
            raise ErasedMeanwhile(erasure=erasure)
    files = _files(work, closed, max(1, newest_revision(work, day)))
    return {file.name: file.sha256 for file in files}


def _files(work: UnitOfWork, closed: DailyClose, revision: int) -> list[BuiltFile]:
    day = closed.business_day
    built = [
        _campaign_files(work, one.code, day, closed.closed_at)
        for one in running_campaigns(work, day)
        if _has_list(work, one.code)
    ]
    outcomes = _outcomes(work, day, [campaign.day for campaign in built])
    campaigns = [_with_files(campaign, outcomes) for campaign in built]
    report = b"".join(
        build_nippo(
            nippo_day(work, closed, revision, [campaign.day for campaign in campaigns]),
            outcomes,
            REPORT_ENCODING,
        )
    )
    _check(work, campaigns, report)
    files = [file for campaign in campaigns for file in _named(campaign, day, revision)]
    rows = sum(len(campaign.day.calls) for campaign in campaigns)
    return [*files, BuiltFile(NIPPO, daily_report_name(day, revision), report, rows)]


def _has_list(work: UnitOfWork, campaign_code: str) -> bool:
    """A delivery that is only staged is no list yet: nothing of it can be reported."""
    return work.session.scalar(published_lists(campaign_code).limit(1)) is not None


def _campaign_files(
    work: UnitOfWork, campaign_code: str, day: date, closed_at: datetime
) -> BuiltCampaign:
    view = next(one for one in running_campaigns(work, day) if one.code == campaign_code)
    facts = campaign_day(work, view, day, closed_at)
    encoding = work.session.get_one(Campaign, campaign_code).encoding or REPORT_ENCODING
    frame = CampaignFrame(
        receivable=view.receivable,
        day=day,
        header=facts.header,
        encoding=encoding,
        is_rehearsal=work.store.is_rehearsal,
    )
    return BuiltCampaign(facts, frame, b"", b"", b"")


def _outcomes(work: UnitOfWork, day: date, days: Sequence[CampaignDay]) -> Outcomes:
    """The tables under which the calls were recorded, by the version stored with each call."""
    wanted = {version for one in days for version in one.versions}
    unassigned = work.session.scalars(
        select(CallRecord.outcome_version).where(
            CallRecord.campaign_code.is_(None), CallRecord.business_day == day
        )
    )
    wanted |= set(unassigned) | {table_on(work, day).version}
    tables = [replace(table_version(work, number), version=number) for number in sorted(wanted)]
    return Outcomes(tuple(tables))


def _with_files(campaign: BuiltCampaign, outcomes: Outcomes) -> BuiltCampaign:
    facts, frame = campaign.day, campaign.frame
    return replace(
        campaign,
        kekka=b"".join(build_kekka(frame, facts.cases, outcomes)),
        meisai_call=b"".join(build_meisai_call(frame, facts.cases, outcomes)),
        esc=b"".join(build_esc(frame, facts.cases, outcomes, facts.tickets)),
    )


def _check(work: UnitOfWork, campaigns: Sequence[BuiltCampaign], report: bytes) -> None:
    """The consistency checks of domain 2.3 refuse a wrong pack."""
    faults = check_pack(
        [
            CampaignFiles(
                frame=one.frame,
                lent=tuple(case.lent for case in one.day.cases),
                calls=one.day.calls,
                hours=calling_hours(work, one.frame.receivable),
                kekka=one.kekka,
                meisai_call=one.meisai_call,
                esc=one.esc,
            )
            for one in campaigns
        ],
        report,
        REPORT_ENCODING,
    )
    if faults:
        kinds = sorted({fault.kind.value for fault in faults})
        raise PackInconsistent(faults=len(faults), kinds=",".join(kinds))


def _named(campaign: BuiltCampaign, day: date, revision: int) -> list[BuiltFile]:
    view = campaign.day.campaign
    escalated = sum(1 for case in campaign.day.tickets)
    contents = (
        (DailyFileKind.CALLEE_RESULTS, campaign.kekka, len(campaign.day.cases)),
        (DailyFileKind.CALL_DETAILS, campaign.meisai_call, len(campaign.day.calls)),
        (DailyFileKind.ESCALATIONS, campaign.esc, escalated),
    )
    return [
        BuiltFile(
            kind=kind.value,
            name=daily_file_name(view.receivable, view.month, kind, day, revision),
            content=content,
            rows=rows,
            receivable=view.receivable,
            campaign_code=view.code,
        )
        for kind, content, rows in contents
    ]


def pack_grace(work: UnitOfWork) -> timedelta:
    """How long a pack's keys live after the confirmed upload (decision 3)."""
    return timedelta(days=current_profile(work).parameters.pack_key_days)
