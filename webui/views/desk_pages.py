"""Puts the desk's pages together from what the stage permits; no route stands here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import flash, render_template

from campaigns.api import (
    Connection,
    DeskView,
    Direction,
    IdentityItem,
    IdentityLine,
    IdentityResult,
    ItemResult,
    LineResult,
    Mark,
    OutcomeRow,
    Phone,
    Stage,
    comparison_so_far,
    current_profile,
    row_number_in_hand,
    spare_answer,
)
from campaigns.api import Permission_ as OutcomePermission
from dialer.api import AgentActivity, AttemptView, seats
from scripts_talk.api import Answer
from secure_store.access import Actor
from secure_store.errors import DomainError, NotAllowed
from secure_store.work import UnitOfWork
from webui.case_words import CARE_WORDS, MARK_KINDS, SEAT_WORDS
from webui.formatters import REIWA_TEXT, clock_text, day_text, jst, moment_text, phone_text
from webui.transactions import request_work
from webui.words.desk import IDENTITY_LABELS, LINE_KINDS, refusal_text, short_label

T = TypeVar("T")
