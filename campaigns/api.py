"""Front door of campaigns: what other packages may call, and nothing else."""

from __future__ import annotations

from campaigns.calling.call_lists import build_call_list, refresh_ranks
from campaigns.calling.call_report import OutcomeReport, PaymentMethod, TransferNotice
from campaigns.calling.eligibility import CareCode, NotCallable
from campaigns.calling.follow_ups import FollowUpView, mark_late, open_follow_ups
from campaigns.calling.models import FollowUpKind
from campaigns.calling.outcome_files import sample_table, write_outcome_table
from campaigns.calling.outcome_master import (
    TableInForce,
    TableVersionView,
    import_table,
    table_on,
    table_version,
    table_versions,
)
from campaigns.calling.outcomes import (
    Content,
    Direction,
    Mark,
    OutcomeEffect,
    OutcomeRow,
    OutcomeTable,
    Position,
    RequiredField,
)
from campaigns.calling.permits import PermitView
from campaigns.calling.required_fields import EntryField, FaultKind, FieldFault
from campaigns.cases.assignments import AgentLoad, assign, loads, share_out, unassign
from campaigns.cases.cases import (
    CampaignPlan,
    CampaignView,
    campaign_code,
    get_campaign,
    list_campaigns,
    open_campaign,
    reopen_case,
    running_campaigns,
    withdraw,
)
from campaigns.cases.encodings import Encoding
from campaigns.cases.listings import (
    PAGE,
    CampaignNumbers,
    CaseLine,
    ListFilter,
    campaign_numbers,
    list_cases,
)
from campaigns.cases.models import LentListState
from campaigns.cases.states import CaseStatus, CloseReason, IdentityResult, Stage
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
from campaigns.desk.callbacks import (
    FoundCase,
    answer_callback,
    answer_unknown_caller,
    search_by_key,
    search_by_number,
)
from campaigns.desk.desk_view import DeskView, PastCall, UnknownCallerView, desk_view
from campaigns.desk.identity import IdentityItem, ItemResult
from campaigns.desk.identity_values import IdentityLine
from campaigns.desk.outcome_entry import OutcomeEntry, Recorded, record_outcome
from campaigns.desk.script_view import ScriptPane
from campaigns.desk.serving import Served, take_next_case
from campaigns.escalation.models import TicketState
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
    Receipt,
    get_delivery,
    list_deliveries,
    publish,
    receipt,
)
from campaigns.intake.facts import ContactView, DebtView, PeriodView
from campaigns.intake.importer import discard, remove_unfinished, stage_delivery
from campaigns.profile.contract import (
    ContractProfile,
    GateRule,
    Receivable,
    current_profile,
    enter_profile,
    parse_interval,
    shipped_profile,
)
from campaigns.profile.hours import enter_order, list_orders
from campaigns.profile.window_view import WindowToday, window_at, window_today

__all__ = [
    "AgentLoad",
    "CampaignNumbers",
    "CampaignPlan",
    "CampaignView",
    "CareCode",
    "CaseLine",
    "CaseStatus",
    "CloseReason",
    "ContactView",
    "Content",
    "ContractProfile",
    "DebtView",
    "DeliveryView",
    "DeskView",
    "Direction",
    "Encoding",
    "EntryField",
    "FaultKind",
    "FieldFault",
    "FollowUpKind",
    "FollowUpView",
    "FoundCase",
    "GateRule",
    "IdentityItem",
    "IdentityLine",
    "IdentityResult",
    "ItemResult",
    "LentListState",
    "LineResult",
    "ListFilter",
    "Mark",
    "NotCallable",
    "OutcomeEffect",
    "OutcomeEntry",
    "OutcomeReport",
    "OutcomeRow",
    "OutcomeTable",
    "PAGE",
    "PastCall",
    "PaymentMethod",
    "PeriodView",
    "PermitView",
    "Position",
    "Receipt",
    "Receivable",
    "Recorded",
    "RequiredField",
    "ScriptPane",
    "Served",
    "Stage",
    "TableInForce",
    "TableVersionView",
    "TicketDetails",
    "TicketState",
    "TicketStep",
    "TicketView",
    "TransferNotice",
    "UnknownCallerView",
    "WindowToday",
    "acknowledge",
    "answer",
    "answer_callback",
    "answer_unknown_caller",
    "ask_permit",
    "assign",
    "begin_identity",
    "build_call_list",
    "campaign_code",
    "campaign_numbers",
    "confirm_identity",
    "current_profile",
    "desk_view",
    "discard",
    "enter_answer",
    "enter_order",
    "enter_profile",
    "extend_permit",
    "finish",
    "get_campaign",
    "get_delivery",
    "go_to_step",
    "import_table",
    "list_campaigns",
    "list_cases",
    "list_deliveries",
    "list_orders",
    "list_tickets",
    "loads",
    "mark_late",
    "note_contact",
    "note_line",
    "number_compared",
    "open_campaign",
    "open_follow_ups",
    "open_ticket",
    "parse_interval",
    "publish",
    "put_back",
    "receipt",
    "record_outcome",
    "refresh_ranks",
    "remove_unfinished",
    "reopen_case",
    "running_campaigns",
    "sample_table",
    "search_by_key",
    "search_by_number",
    "share_out",
    "shipped_profile",
    "stage_delivery",
    "steps_of",
    "table_on",
    "table_version",
    "table_versions",
    "take_next_case",
    "unassign",
    "window_at",
    "window_today",
    "withdraw",
    "write_outcome_table",
]
