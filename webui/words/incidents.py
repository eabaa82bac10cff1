"""Incidents in words: kinds, places, circumstances, stages, reports."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.audit.tags import FieldGroup
from secure_store.orders.incident_facts import (
    Circumstance,
    IncidentKind,
    IncidentPlace,
    IncidentStage,
    MissingFact,
    ReportStep,
)
from secure_store.orders.incident_reading import IncidentView
from webui.words.audit import GROUP_WORDS

KIND_WORDS: Mapping[IncidentKind, str] = {
    IncidentKind.LEAK: "漏えい（その疑い）",
    IncidentKind.LOSS: "滅失・紛失（その疑い）",
    IncidentKind.DAMAGE: "毀損（その疑い）",
    IncidentKind.TAMPERING: "改ざん（その疑い）",
    IncidentKind.BREACH: "法令・契約の違反（その疑い）",
}
PLACE_WORDS: Mapping[IncidentPlace, str] = {
    IncidentPlace.CALL_ROOM: "架電室",
    IncidentPlace.SUPERVISOR_ROOM: "業務管理者の席",
    IncidentPlace.SERVER_ROOM: "サーバーの設置場所",
    IncidentPlace.EXCHANGE: "データの受渡し",
    IncidentPlace.TRANSPORT: "運搬の途中",
    IncidentPlace.CITY_OFFICE: "市の庁舎",
    IncidentPlace.OUTSIDE: "そのほか施設の外",
}
CIRCUMSTANCE_WORDS: Mapping[Circumstance, str] = {
    Circumstance.WRONG_PERSON_TOLD: "本人でない人に話した",
    Circumstance.WRONG_DELIVERY: "別の相手に渡した・送った",
    Circumstance.MEDIUM_LOST: "媒体をなくした",
    Circumstance.PAPER_LOST: "紙をなくした",
    Circumstance.THEFT: "盗まれた",
    Circumstance.UNPERMITTED_ACCESS: "業務の外で見られた",
    Circumstance.INTRUSION: "外から入られた",
    Circumstance.WRONG_OPERATION: "操作を誤った",
    Circumstance.EQUIPMENT_FAULT: "機器の故障",
    Circumstance.UNKNOWN: "調査中",
}
STAGE_WORDS: Mapping[IncidentStage, str] = {
    IncidentStage.CONTACT: "連絡",
    IncidentStage.EVIDENCE: "証拠の保全",
    IncidentStage.CONTAINMENT: "被害の拡大防止",
    IncidentStage.RECOVERY: "復旧",
    IncidentStage.RECURRENCE: "再発防止",
}
STAGE_NOTES: Mapping[IncidentStage, str] = {
    IncidentStage.CONTACT: "市の担当課と社内の責任者に、電話で知らせます。",
    IncidentStage.EVIDENCE: "この範囲の抹消は、もう止まっています。記録の開示用ファイルを作ります。",
    IncidentStage.CONTAINMENT: "業務停止、利用者の停止、媒体の回収などを行います。",
    IncidentStage.RECOVERY: "控えから戻し、件数を市と照らし合わせます。",
    IncidentStage.RECURRENCE: "原因と対策を確報に書き、従事者に伝えます。",
}
REPORT_WORDS: Mapping[ReportStep, str] = {
    ReportStep.AT_ONCE: "第一報",
    ReportStep.PRELIMINARY: "速報",
    ReportStep.FINAL: "確報",
}
MISSING_WORDS: Mapping[MissingFact, str] = {
    MissingFact.CONTENT: "内容（どの項目か）",
    MissingFact.PERSONS: "本人の数",
    MissingFact.PLACE: "場所",
    MissingFact.CIRCUMSTANCES: "状況",
}


def groups_text(groups: tuple[FieldGroup, ...]) -> str:
    """The groups of data, or that they are not known yet."""
    return "・".join(GROUP_WORDS[group] for group in groups) or "まだ分かりません"


def summary_of(view: IncidentView, day: str) -> str:
    """What may be published (S3-B2-16.3): made of closed words and counts, it can name nobody."""
    facts = view.facts
    place = PLACE_WORDS[facts.place] if facts.place else "調査中の場所"
    persons = "調査中の人数" if facts.persons is None else f"{facts.persons:,}人"
    how = CIRCUMSTANCE_WORDS[facts.circumstance] if facts.circumstance else "調査中"
    return (
        f"{day}、{place}で、{persons}分の情報（{groups_text(view.groups)}）について、"
        f"{KIND_WORDS[view.kind]}の事案がありました。状況：{how}。"
    )
