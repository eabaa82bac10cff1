"""Front door of campaigns: what other packages may call, and nothing else."""

from __future__ import annotations

from campaigns.calling.call_lists import build_call_list, refresh_ranks
from campaigns.calling.call_report import OutcomeReport, PaymentMethod, TransferNotice
from campaigns.calling.care import CareCode
from campaigns.calling.day_close import DayState
from campaigns.calling.effect_plans import MovedReason, NextAction
from campaigns.calling.eligibility import NotCallable
from campaigns.calling.fairness import TryKind
from campaigns.calling.follow_up_moves import move_to_new_times
from campaigns.calling.follow_up_sweep import sweep_follow_ups
from campaigns.calling.follow_up_turns import FollowUpState, FollowUpSums, TurnKind, TurnReason
from campaigns.calling.follow_ups import FollowUpView, open_follow_ups
from campaigns.calling.models import FollowUpKind, FollowUpStatus
from campaigns.calling.notice_models import NoticeSource, NoticeState
from campaigns.calling.ordering import RankReason
from campaigns.calling.outcome_checks import TableFault, TableFaultKind
from campaigns.calling.outcome_files import sample_table, write_outcome_table
from campaigns.calling.outcome_master import (
    TableVersionView,
    import_table,
    table_on,
    table_version,
    table_versions,
)
from campaigns.calling.outcomes import (
    Connection,
    ContactPerson,
    Content,
    Direction,
    Mark,
    MarkCondition,
    OutcomeEffect,
    OutcomeRow,
    OutcomeTable,
    Position,
    RequiredField,
    Speaker,
)
from campaigns.calling.payment_facts import NoticeKind, PromiseStatus
from campaigns.calling.period_end import close_ended_cases
from campaigns.calling.permits import PermitView
from campaigns.calling.required_fields import EntryField, FaultKind, FieldFault
from campaigns.calling.typed_text import TextFault, TextFaultKind
from campaigns.cases.agent_groups import (
    add_member,
    get_group,
    list_groups,
    make_group,
    memberships,
    remove_member,
)
from campaigns.cases.assignments import (
    CaseSelection,
    assign,
    count_selected,
    deal,
    loads,
    retire_group,
    share_out,
    take_back,
    unassign,
)
from campaigns.cases.cases import (
    CampaignPlan,
    CampaignView,
    get_campaign,
    list_campaigns,
    open_campaign,
    reopen_case,
)
from campaigns.cases.deadlines import Step, StepState
from campaigns.cases.listings import (
    PAGE,
    CampaignNumbers,
    CaseLine,
    ListFilter,
    campaign_numbers,
    list_cases,
)
from campaigns.cases.models import LentListState
from campaigns.cases.period_changes import period_changes
from campaigns.cases.periods import Period, PeriodFault
from campaigns.cases.rebalancing import RebalancePlan, plan_rebalance, rebalance
from campaigns.cases.schedule import (
    ScheduleRow,
    campaign_steps,
    contract_schedule,
    month_clashes,
    month_schedule,
    schedule_alarms,
)
from campaigns.cases.states import CaseStatus, CloseReason, IdentityResult, Stage
from campaigns.cases.volumes import (
    confirm_volume_notice,
    enter_volume_notice,
    plan_volume,
    volume_notices,
)
from campaigns.closing.applying import (
    Instruction,
    application_of,
    draft_erasure,
    plan_erasure,
    send_application,
)
from campaigns.closing.certifying import certify
from campaigns.closing.city_answers import (
    ConsentLetter,
    record_condition,
    record_consent,
    record_witness,
    request_witness,
)
from campaigns.closing.deadlines import erasure_calendar
from campaigns.closing.destroying import destroy_copies, destroy_keys, freeze_now, purge_rows
from campaigns.closing.overview import ErasurePage, erasure_page
from campaigns.closing.plan import (
    accept,
    certificate_file,
    get_erasure,
    list_erasures,
    overdue_erasure,
)
from campaigns.closing.rekeying import prune_replaced_keys, replace_data_key
from campaigns.closing.restoring import purge_erased_rows
from campaigns.closing.scanning import scan_before
from campaigns.closing.verifying import verify_erasure
from campaigns.desk.agent import (
    LineResult,
    ask_permit,
    begin_identity,
    confirm_identity,
    extend_permit,
    go_to_step,
    note_line,
    number_compared,
    put_back,
)
from campaigns.desk.board import DayFigures, board, day_figures
from campaigns.desk.bucket_lists import bucket_page
from campaigns.desk.callability import WAITS_FOR_TIME, Bucket, CaseAnswer
from campaigns.desk.callbacks import (
    FoundCase,
    answer_callback,
    answer_unknown_caller,
    search_by_key,
    search_by_number,
)
from campaigns.desk.case_lists import (
    CallLine,
    CasePage,
    CaseQuery,
    case_lines,
    case_page,
    case_story,
)
from campaigns.desk.case_order import case_order
from campaigns.desk.changed_times import change_hours, change_period, lift_suspension
from campaigns.desk.comparing import (
    all_match,
    comparison_so_far,
    finish_comparing,
    forget_spare,
    note_comparison,
    open_script,
    spare_answer,
    start_comparing,
)
from campaigns.desk.desk_view import DeskView, PastCall, UnknownCallerView, desk_view
from campaigns.desk.drafts import Draft, keep_draft, read_draft
from campaigns.desk.expiry import expire_leases
from campaigns.desk.funnels import Funnel, case_answer, case_answers, funnel
from campaigns.desk.hand_notices import EnteredPayment, enter_payment, withdraw_cases
from campaigns.desk.holder_loads import load_report
from campaigns.desk.holding import direction_of, in_hand, keep_hold
from campaigns.desk.identity import IdentityItem, ItemResult
from campaigns.desk.identity_values import IdentityLine
from campaigns.desk.notice_applying import apply_notice
from campaigns.desk.notice_views import NoticeView, get_notice, list_notices
from campaigns.desk.notices import check_notice, give_back_notice
from campaigns.desk.offered_days import (
    LegalDay,
    OfferedDay,
    WantedTime,
    legal_day,
    offered_days,
    wanted_time,
)
from campaigns.desk.outcome_entry import OutcomeEntry, Recorded, record_outcome
from campaigns.desk.owed_calls import (
    OwedCallLife,
    calls_moved_by_rules,
    follow_up_sums,
    owed_call,
    owed_calls,
    reassign_follow_up,
)
from campaigns.desk.own_results import own_cases, own_follow_ups, own_results
from campaigns.desk.preview import (
    ClosingFacts,
    closing_words,
    last_promise_day,
    outcome_preview,
)
from campaigns.desk.serving import Served, take_next_case
from campaigns.desk.stopping import permits_in_force, stop_calls
from campaigns.desk.taken_back import TakenBack, taken_from_hand
from campaigns.escalation.models import TicketState
from campaigns.escalation.ticket_queue import (
    TicketLine,
    TicketQueue,
    ticket_line,
    ticket_queue,
    ticket_text_fault,
)
from campaigns.escalation.ticket_texts import TicketDetails
from campaigns.escalation.tickets import (
    TicketStep,
    TicketView,
    acknowledge,
    answer,
    enter_answer,
    finish,
    list_tickets,
    note_contact,
    open_ticket,
    steps_of,
)
from campaigns.intake.deliveries import (
    DeliveryView,
    get_delivery,
    list_deliveries,
    publish,
    receipt,
)
from campaigns.intake.facts import DebtView, LineKind, PeriodView, Phone
from campaigns.intake.importer import stage_delivery
from campaigns.intake.staging_removal import discard, remove_unfinished
from campaigns.planning.behaviour import (
    AGAIN_CALLS,
    ASSUMED_AGAIN,
    ASSUMED_DIALS_PER_HOUR,
    BAND_CALLS,
    LEVEL_CALLS,
    SPEED_HOURS,
)
from campaigns.planning.outlook import outlook
from campaigns.profile.calendar_view import (
    DayHours,
    month_hours,
    order_behind,
    order_history,
    receivables_apart,
    years_missing,
)
from campaigns.profile.city_papers import CityPaper
from campaigns.profile.contract import (
    ContractProfile,
    Receivable,
    current_profile,
    enter_profile,
    parse_interval,
    shipped_profile,
)
from campaigns.profile.exchange_rules import ExchangeRules
from campaigns.profile.instruction_sheet import (
    InstructionSheet,
    NumberKind,
    RightParty,
    SheetFault,
    plain_sheet,
    read_sheet,
    sheet_from,
)
from campaigns.profile.instruction_versions import (
    InstructionState,
    InstructionView,
    approve_instruction,
    enter_instruction,
    get_instruction,
    instruction_history,
    instructions_overview,
    rules_before,
    whole_sheet,
)
from campaigns.profile.instructions import CallingRules, calling_rules
from campaigns.profile.orders import Lateness, NewOrder, WithdrawnOrder, order_lateness
from campaigns.profile.parameters import ContactRateFormula, Parameters
from campaigns.profile.timetable import DayPlan, day_plans
from campaigns.profile.window_view import WindowToday, window_at, window_today
from campaigns.reports.closing_day import close_day, closes_at, mark_late_days
from campaigns.reports.daily import REPORT_ENCODING, build_files, rebuilt_digests
from campaigns.reports.day_sums import DaySums, SumKey, day_sums
from campaigns.reports.day_views import DayView, closed_days, get_day, list_days
from campaigns.reports.delivery import (
    confirm_upload,
    delivery_forms,
    destroy_old_packs,
    place_files,
    read_file,
    sign_files,
    write_clear_files,
)
from campaigns.reports.exporting import DayExport, export_day
from campaigns.reports.kpis import TargetState
from campaigns.reports.measures import MeasuresPage, Unmeasured, campaign_measures
from campaigns.reports.owed_days import owed_days
from campaigns.reports.pack_store import PackFileView
from campaigns.reports.payments import payment_counts

__all__ = [
    "AGAIN_CALLS",
    "ASSUMED_AGAIN",
    "ASSUMED_DIALS_PER_HOUR",
    "BAND_CALLS",
    "LEVEL_CALLS",
    "PAGE",
    "REPORT_ENCODING",
    "SPEED_HOURS",
    "WAITS_FOR_TIME",
    "Bucket",
    "CallLine",
    "CallingRules",
    "CampaignNumbers",
    "CampaignPlan",
    "CampaignView",
    "CareCode",
    "CaseAnswer",
    "CaseLine",
    "CasePage",
    "CaseQuery",
    "CaseSelection",
    "CaseStatus",
    "CityPaper",
    "CloseReason",
    "ClosingFacts",
    "Connection",
    "ConsentLetter",
    "ContactPerson",
    "ContactRateFormula",
    "Content",
    "ContractProfile",
    "DayExport",
    "DayFigures",
    "DayHours",
    "DayPlan",
    "DayState",
    "DaySums",
    "DayView",
    "DebtView",
    "DeliveryView",
    "DeskView",
    "Direction",
    "Draft",
    "EnteredPayment",
    "EntryField",
    "ErasurePage",
    "ExchangeRules",
    "FaultKind",
    "FieldFault",
    "FollowUpKind",
    "FollowUpState",
    "FollowUpStatus",
    "FollowUpSums",
    "FollowUpView",
    "FoundCase",
    "Funnel",
    "IdentityItem",
    "IdentityLine",
    "IdentityResult",
    "Instruction",
    "InstructionSheet",
    "InstructionState",
    "InstructionView",
    "ItemResult",
    "Lateness",
    "LegalDay",
    "LentListState",
    "LineKind",
    "LineResult",
    "ListFilter",
    "Mark",
    "MarkCondition",
    "MeasuresPage",
    "MovedReason",
    "NewOrder",
    "NextAction",
    "NotCallable",
    "NoticeKind",
    "NoticeSource",
    "NoticeState",
    "NoticeView",
    "NumberKind",
    "OfferedDay",
    "OutcomeEffect",
    "OutcomeEntry",
    "OutcomeReport",
    "OutcomeRow",
    "OutcomeTable",
    "OwedCallLife",
    "PackFileView",
    "Parameters",
    "PastCall",
    "PaymentMethod",
    "Period",
    "PeriodFault",
    "PeriodView",
    "PermitView",
    "Phone",
    "Position",
    "PromiseStatus",
    "RankReason",
    "RebalancePlan",
    "Receivable",
    "Recorded",
    "RequiredField",
    "RightParty",
    "ScheduleRow",
    "Served",
    "SheetFault",
    "Speaker",
    "Stage",
    "Step",
    "StepState",
    "SumKey",
    "TableFault",
    "TableFaultKind",
    "TableVersionView",
    "TakenBack",
    "TargetState",
    "TextFault",
    "TextFaultKind",
    "TicketDetails",
    "TicketLine",
    "TicketQueue",
    "TicketState",
    "TicketStep",
    "TicketView",
    "TransferNotice",
    "TryKind",
    "TurnKind",
    "TurnReason",
    "UnknownCallerView",
    "Unmeasured",
    "WantedTime",
    "WindowToday",
    "WithdrawnOrder",
    "accept",
    "acknowledge",
    "add_member",
    "all_match",
    "answer",
    "answer_callback",
    "answer_unknown_caller",
    "application_of",
    "apply_notice",
    "approve_instruction",
    "ask_permit",
    "assign",
    "begin_identity",
    "board",
    "bucket_page",
    "build_call_list",
    "build_files",
    "calling_rules",
    "calls_moved_by_rules",
    "campaign_measures",
    "campaign_numbers",
    "campaign_steps",
    "case_answer",
    "case_answers",
    "case_lines",
    "case_order",
    "case_page",
    "case_story",
    "certificate_file",
    "certify",
    "change_hours",
    "change_period",
    "check_notice",
    "close_day",
    "close_ended_cases",
    "closed_days",
    "closes_at",
    "closing_words",
    "comparison_so_far",
    "confirm_identity",
    "confirm_upload",
    "confirm_volume_notice",
    "contract_schedule",
    "count_selected",
    "current_profile",
    "day_figures",
    "day_plans",
    "day_sums",
    "deal",
    "delivery_forms",
    "desk_view",
    "destroy_copies",
    "destroy_keys",
    "destroy_old_packs",
    "direction_of",
    "discard",
    "draft_erasure",
    "enter_answer",
    "enter_instruction",
    "enter_payment",
    "enter_profile",
    "enter_volume_notice",
    "erasure_calendar",
    "erasure_page",
    "expire_leases",
    "export_day",
    "extend_permit",
    "finish",
    "finish_comparing",
    "follow_up_sums",
    "forget_spare",
    "freeze_now",
    "funnel",
    "get_campaign",
    "get_day",
    "get_delivery",
    "get_erasure",
    "get_group",
    "get_instruction",
    "get_notice",
    "give_back_notice",
    "go_to_step",
    "import_table",
    "in_hand",
    "instruction_history",
    "instructions_overview",
    "keep_draft",
    "keep_hold",
    "last_promise_day",
    "legal_day",
    "lift_suspension",
    "list_campaigns",
    "list_cases",
    "list_days",
    "list_deliveries",
    "list_erasures",
    "list_groups",
    "list_notices",
    "list_tickets",
    "load_report",
    "loads",
    "make_group",
    "mark_late_days",
    "memberships",
    "month_clashes",
    "month_hours",
    "month_schedule",
    "move_to_new_times",
    "note_comparison",
    "note_contact",
    "note_line",
    "number_compared",
    "offered_days",
    "open_campaign",
    "open_follow_ups",
    "open_script",
    "open_ticket",
    "order_behind",
    "order_history",
    "order_lateness",
    "outcome_preview",
    "outlook",
    "overdue_erasure",
    "owed_call",
    "owed_calls",
    "owed_days",
    "own_cases",
    "own_follow_ups",
    "own_results",
    "parse_interval",
    "payment_counts",
    "period_changes",
    "permits_in_force",
    "place_files",
    "plain_sheet",
    "plan_erasure",
    "plan_rebalance",
    "plan_volume",
    "publish",
    "prune_replaced_keys",
    "purge_erased_rows",
    "purge_rows",
    "replace_data_key",
    "put_back",
    "read_draft",
    "read_file",
    "read_sheet",
    "reassign_follow_up",
    "rebalance",
    "rebuilt_digests",
    "receipt",
    "receivables_apart",
    "record_condition",
    "record_consent",
    "record_outcome",
    "record_witness",
    "refresh_ranks",
    "remove_member",
    "remove_unfinished",
    "reopen_case",
    "request_witness",
    "retire_group",
    "rules_before",
    "sample_table",
    "scan_before",
    "schedule_alarms",
    "search_by_key",
    "search_by_number",
    "send_application",
    "share_out",
    "sheet_from",
    "shipped_profile",
    "sign_files",
    "spare_answer",
    "stage_delivery",
    "start_comparing",
    "steps_of",
    "stop_calls",
    "sweep_follow_ups",
    "table_on",
    "table_version",
    "table_versions",
    "take_back",
    "take_next_case",
    "taken_from_hand",
    "ticket_line",
    "ticket_queue",
    "ticket_text_fault",
    "unassign",
    "verify_erasure",
    "volume_notices",
    "wanted_time",
    "whole_sheet",
    "window_at",
    "window_today",
    "withdraw_cases",
    "write_clear_files",
    "write_outcome_table",
    "years_missing",
]
