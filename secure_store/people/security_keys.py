"""FIDO2 keys: registered by their person, asked for at log-in and step-up (security.md 7.2).

The library checks origin, challenge, signature, user verification and the counter; we keep the
public half under a seal, so that nobody who can only write the database adds a key of his own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import webauthn
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from secure_store.access import Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.errors import NotAllowed, NotFound
from secure_store.people.login_secret import keyed, matches_keyed
from secure_store.people.models import SecurityKey
from secure_store.people.second_factor import seal_anew
from secure_store.work import UnitOfWork

MOST_KEYS = 4
_PURPOSE = "security key"


class KeyRefused(NotAllowed):
    """The key's answer does not prove that it is this person's key."""

    code = "security_key_refused"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser thinks it is: the host's name and the whole origin."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the key is asked: options for the browser, and the challenge to be kept meanwhile."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """A registered key as its person sees it."""

    id: UUID
    is_spare: bool
    registered_at: datetime
    last_used_at: datetime | None


def own_keys(work: UnitOfWork) -> tuple[KeyView, ...]:
    """The person's keys in use, the oldest first."""
    return tuple(
        KeyView(row.id, row.is_spare, row.registered_at, row.last_used_at)
        for row in _keys(work, work.actor.code)
    )


def _keys(work: UnitOfWork, code: str) -> list[SecurityKey]:
    rows = work.session.scalars(
        select(SecurityKey)
        .where(SecurityKey.staff_code == code, SecurityKey.revoked_at.is_(None))
        .order_by(SecurityKey.registered_at)
    )
    return [row for row in rows if matches_keyed(work.store, row.seal, _PURPOSE, *_parts(row))]


def _parts(row: SecurityKey) -> tuple[str, ...]:
    return (row.staff_code, row.credential, row.public_key, row.site)


def ask_to_register(work: UnitOfWork, site: Site, name: str) -> Question:
    """What a new key is asked; keys that are registered already are told, to be left out."""
    require(work.actor, Permission.USE_OWN_ACCOUNT)
    code = work.actor.code
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name=name,
        user_name=code,
        user_id=keyed(work.store, "key holder", code).encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(work, code),
    )
    return Question(options_to_json(options), bytes_to_base64url(options.challenge))


def register_key(work: UnitOfWork, site: Site, challenge: str, answer: str) -> None:
    """Keeps the public half; the second key is the spare one. Raises KeyRefused."""
    require(work.actor, Permission.USE_OWN_ACCOUNT)
    standing = _keys(work, work.actor.code)
    if len(standing) >= MOST_KEYS:
        raise KeyRefused(reason="too_many")
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as fault:
        raise KeyRefused(reason=type(fault).__name__) from None
    row = SecurityKey(
        id=uuid4(),
        staff_code=work.actor.code,
        credential=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        site=site.name,
        sign_count=verified.sign_count,
        is_spare=bool(standing),
        registered_at=work.now,
    )
    row.seal = keyed(work.store, _PURPOSE, *_parts(row))
    work.session.add(row)
    seal_anew(work, row.staff_code)
    work.audit(Tag.AUTH_SECOND_FACTOR_SET, reason="spare" if row.is_spare else "first")


def ask_key(work: UnitOfWork, site: Site) -> Question:
    """What a registered key of the person is asked."""
    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        allow_credentials=_descriptors(work, work.actor.code),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Question(options_to_json(options), bytes_to_base64url(options.challenge))


def check_key(work: UnitOfWork, site: Site, challenge: str, answer: str) -> bool:
    """True when one of the person's keys has answered; noted either way.

    A counter that did not rise means that there is a copy of the key: refused.
    """
    row = _answering(work, answer)
    if row is None or row.site != site.name:
        return _denied(work, "unknown_key")
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=row.site,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as fault:
        return _denied(work, type(fault).__name__)
    row.sign_count = verified.new_sign_count
    row.last_used_at = work.now
    work.audit(Tag.AUTH_STEPPED_UP, reason="key")
    return True


def _answering(work: UnitOfWork, answer: str) -> SecurityKey | None:
    try:
        told = webauthn.helpers.parse_authentication_credential_json(answer).id
    except (WebAuthnException, ValueError):
        return None
    return next((row for row in _keys(work, work.actor.code) if row.credential == told), None)


def _denied(work: UnitOfWork, reason: str) -> bool:
    work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason=reason, ref=work.actor.code)
    return False


def give_up_key(work: UnitOfWork, key_id: UUID) -> None:
    """The person no longer has this key. The last one is not given up. Raises NotFound."""
    keys = _keys(work, work.actor.code)
    row = next((one for one in keys if one.id == key_id), None)
    if row is None:
        raise NotFound(kind="security_key")
    if len(keys) == 1:
        raise KeyRefused(reason="last_key")
    row.revoked_at = work.now
    seal_anew(work, row.staff_code)
    work.audit(Tag.AUTH_SECOND_FACTOR_SET, reason="given_up")


def _descriptors(work: UnitOfWork, code: str) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential))
        for row in _keys(work, code)
    ]
