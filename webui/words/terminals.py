"""Words of terminals."""

from __future__ import annotations

from secure_store.access import TerminalKind

KIND_WORDS = {
    TerminalKind.OPERATOR: "オペレーター端末",
    TerminalKind.SUPERVISOR: "管理者端末",
}
KIND_HELP = {
    TerminalKind.OPERATOR: "データの受入・提出・録音の再生はできません。",
    TerminalKind.SUPERVISOR: "業務管理者の画面をすべて使えます。",
}
