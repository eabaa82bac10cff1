"""The menu by permission: a person sees only what this person may open (ui: menus by role)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from secure_store.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu; ``count`` stands at items that wait for a person."""

    label: str
    href: str
    is_current: bool
    group: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    endpoint: str
    label: str
    group: str
    permission: Permission


_ENTRIES = (
    _Entry("agent_desk.show", "架電", "", Permission.TAKE_CASE),
    _Entry("callbacks.search", "折返し", "", Permission.SEARCH_CALLBACK),
    _Entry("agent_desk.follow_ups", "再架電", "", Permission.TAKE_CASE),
    _Entry("agent_desk.results", "今日の結果", "", Permission.SEE_OWN_RESULTS),
    _Entry("agent_desk.qa", "Q&A・案内", "", Permission.SEARCH_QA),
    _Entry("supervisor.board", "センターの状況", "いま", Permission.SEE_BOARD),
    _Entry("follow_ups.index", "再架電一覧", "いま", Permission.SEE_BOARD),
    _Entry("assignments.show", "割当・架電リスト", "いま", Permission.ASSIGN_CASES),
    _Entry("escalations.index", "エスカレーション", "いま", Permission.HANDLE_TICKETS),
    _Entry("escalations.index", "引継ぎへの回答", "", Permission.ANSWER_TICKETS),
    _Entry("campaigns.index", "架電期間", "毎日", Permission.MANAGE_CAMPAIGNS),
    _Entry("schedule.index", "架電等スケジュール", "毎日", Permission.MANAGE_CAMPAIGNS),
    _Entry("imports.index", "データ受入", "毎日", Permission.RECEIVE_LENT_DATA),
    _Entry("exchange.index", "受渡し", "毎日", Permission.SEE_TRANSFERS),
    _Entry("media.index", "媒体台帳", "毎日", Permission.SEE_TRANSFERS),
    _Entry("exports.index", "書出し", "毎日", Permission.EXPORT_DATA),
    _Entry("notices.index", "引抜き・納付確認", "毎日", Permission.RECEIVE_LENT_DATA),
    _Entry("notices.payments", "納付状況", "毎日", Permission.SEE_BOARD),
    _Entry("reports.index", "日次締め", "毎日", Permission.CLOSE_DAY),
    _Entry("planning.month", "指標", "毎日", Permission.MANAGE_CAMPAIGNS),
    _Entry("reports.delivered", "届いたファイル", "", Permission.READ_DAILY_FILES),
    _Entry("scripts.index", "スクリプト・Q&A", "きまり", Permission.EDIT_SCRIPTS),
    _Entry("scripts.index", "承認", "", Permission.APPROVE_SCRIPTS),
    _Entry("outcomes.index", "結果分類表", "きまり", Permission.IMPORT_OUTCOMES),
    _Entry("instructions.index", "個別業務指示書", "きまり", Permission.ENTER_INSTRUCTIONS),
    _Entry("recipients.index", "届け先と鍵", "きまり", Permission.MANAGE_EXCHANGE),
    _Entry("recipients.index", "届け先の確認", "", Permission.CONFIRM_RECIPIENTS),
    _Entry("hours.index", "実施時間・暦", "きまり", Permission.ORDER_HOURS),
    _Entry("staff.index", "従事者", "管理", Permission.SEE_STAFF),
    _Entry("terminals.index", "端末", "管理", Permission.SEE_STAFF),
    _Entry("permissions.index", "権限一覧", "管理", Permission.SEE_STAFF),
    _Entry("agent_groups.index", "担当グループ", "管理", Permission.ASSIGN_CASES),
    _Entry("audit.index", "記録", "管理", Permission.READ_AUDIT),
    _Entry("audit.verify", "記録の検証", "管理", Permission.VERIFY_AUDIT),
    _Entry("disclosure.show", "記録の開示", "管理", Permission.DISCLOSE_AUDIT),
    _Entry("handling.show", "個人情報取扱状況", "管理", Permission.READ_HANDLING_REPORT),
    _Entry("incidents.index", "事故・事案", "管理", Permission.SEE_INCIDENTS),
    _Entry("orders.suspensions", "業務の停止・再開", "管理", Permission.SUSPEND),
    _Entry("orders.hold_list", "証拠保全", "管理", Permission.SUSPEND),
    _Entry("backups.index", "バックアップ", "管理", Permission.MANAGE_BACKUPS),
    _Entry("key_store.index", "鍵の保管庫", "管理", Permission.MANAGE_BACKUPS),
    _Entry("inventory.show", "保管場所一覧", "管理", Permission.SEE_INVENTORY),
    _Entry("erasure.index", "抹消", "管理", Permission.READ_CERTIFICATES),
    _Entry("styleguide.show", "部品一覧", "訓練", Permission.SEE_STYLEGUIDE),
)


def menu_for(actor: Actor) -> list[MenuItem]:
    """The entries this person may open; one entry per screen."""
    offered: dict[str, _Entry] = {}
    for entry in _ENTRIES:
        if entry.endpoint in current_app.view_functions and actor.may(entry.permission):
            offered.setdefault(entry.endpoint, entry)
    current = _current(list(offered))
    return [
        MenuItem(entry.label, url_for(endpoint), endpoint == current, entry.group)
        for endpoint, entry in offered.items()
    ]


def _current(offered: Sequence[str]) -> str | None:
    """The entry to be marked: the page itself, or the first of its screens on a detail page."""
    if request.endpoint in offered:
        return request.endpoint
    screen = f"{request.blueprint}."
    return next((endpoint for endpoint in offered if endpoint.startswith(screen)), None)


def home_endpoint(actor: Actor) -> str:
    """Where a person begins after logging in."""
    order = (
        (Permission.SEE_BOARD, "supervisor.board"),
        (Permission.TAKE_CASE, "agent_desk.show"),
        (Permission.ANSWER_TICKETS, "escalations.index"),
        (Permission.MANAGE_STAFF, "staff.index"),
        (Permission.READ_AUDIT, "audit.index"),
        (Permission.READ_CERTIFICATES, "erasure.index"),
    )
    for permission, endpoint in order:
        if actor.may(permission) and endpoint in current_app.view_functions:
            return endpoint
    return "login.show"
