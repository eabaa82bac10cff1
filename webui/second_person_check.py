"""Checks the second person of an act on an account, for the screens that ask for one."""

from __future__ import annotations

from dataclasses import replace

from flask import request

from secure_store.access import Actor, Permission
from secure_store.people.second_person import SamePerson, SecondPersonRefused, second_person
from secure_store.work import SecureStore
from webui.forms.second_person import SecondPersonForm, read_second
from webui.words.passwords import SECOND_PERSON_ANSWERS


def confirmed_second(
    store: SecureStore, actor: Actor, permission: Permission
) -> tuple[Actor | None, SecondPersonForm]:
    """The second person, who holds the permission; or None, with what is wrong in the form."""
    form = read_second(request.form)
    if form.errors:
        return None, form
    try:
        second = second_person(store, actor, form.code, request.form["second_password"])
    except SamePerson:
        return None, replace(form, errors={"second_code": "二人目は、あなたとは別の人です。"})
    except SecondPersonRefused as refused:
        return None, replace(
            form, errors={"second_password": SECOND_PERSON_ANSWERS[refused.answer]}
        )
    if not second.may(permission):
        fault = "この人は確認できません。業務管理者の番号を入れてください。"
        return None, replace(form, errors={"second_code": fault})
    return second, form
