"""Words of accounts."""

from __future__ import annotations

from secure_store.access import Role
from secure_store.people.staff import AccountBar

BAR_WORDS = {
    AccountBar.INACTIVE: "停止中",
    AccountBar.NOT_YET_VALID: "有効期間の前",
    AccountBar.NO_LONGER_VALID: "有効期間を過ぎた",
    AccountBar.NO_PLEDGE: "誓約書がない",
    AccountBar.NO_TRAINING: "研修がない",
    AccountBar.NOT_REPORTED: "市へ届け出ていない",
    AccountBar.NOT_ON_CHART: "人員配置図にない",
}
BAR_HELP = {
    AccountBar.INACTIVE: "停止を解くと、使えるようになります。",
    AccountBar.NOT_YET_VALID: "有効期間の始まる日から使えます。",
    AccountBar.NO_LONGER_VALID: "有効期間が終わりました。",
    AccountBar.NO_PLEDGE: "守秘の誓約書を受け取った日を入れると、次の条件に進みます。",
    AccountBar.NO_TRAINING: "研修を終えた日を入れると、次の条件に進みます。",
    AccountBar.NOT_REPORTED: "市へ届け出た日を入れると、次の条件に進みます。",
    AccountBar.NOT_ON_CHART: "提出した人員配置図に載せると、使えるようになります。",
}
# What two persons may change of an account.
ACCOUNT_ACTS = {
    "role": "役割を変える",
    "enable": "停止を解く",
    "password": "はじめのパスワードを出し直す（忘れたとき・鍵をなくしたとき）",
}
# Roles an administrator may give to a person; SYSTEM is no person.
PERSON_ROLES = (
    Role.AGENT,
    Role.SUPERVISOR,
    Role.DEPARTMENT_OFFICER,
    Role.SYSTEM_ADMIN,
    Role.AUDITOR,
    Role.VERIFIER,
)
