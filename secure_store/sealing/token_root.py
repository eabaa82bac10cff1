"""A PKCS#11 module holds the key that wraps our root key; the library is loaded only here.

The module's key cannot be read out. Destroying it there takes the root key away for good, since
what lies in the key store opens nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from secure_store.sealing.boxes import with_lengths
from secure_store.sealing.sealing_errors import KeyFileUnusable, WrongPassphrase

LABEL = "dialer-root"
_BITS = 256
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class ModuleToken:
    """One token of a module, opened with its PIN for a moment each time."""

    module: Path
    token_label: str
    pin: str = field(repr=False)

    def new_wrapped(self, contract: str, secret: bytes) -> bytes:
        """Makes a key in the token and wraps 32 bytes with it: its id, a nonce, the wrapped."""
        key_id, nonce = secrets.token_bytes(8), secrets.token_bytes(_NONCE_BYTES)
        with self._session() as (pkcs11, session):
            key = session.generate_key(
                pkcs11.KeyType.AES,
                _BITS,
                label=LABEL,
                id=key_id,
                store=True,
                template={
                    pkcs11.Attribute.SENSITIVE: True,
                    pkcs11.Attribute.EXTRACTABLE: False,
                },
            )
            wrapped = key.encrypt(secret, **_mechanism(pkcs11, nonce, contract))
        return key_id + nonce + bytes(wrapped)

    def unwrapped(self, contract: str, wrapped: bytes) -> bytes:
        """The 32 bytes. Raises WrongPassphrase when the key is gone, or this is another's."""
        key_id, nonce, content = wrapped[:8], wrapped[8 : 8 + _NONCE_BYTES], wrapped[8 + 12 :]
        with self._session() as (pkcs11, session):
            try:
                key = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, id=key_id)
                return bytes(key.decrypt(content, **_mechanism(pkcs11, nonce, contract)))
            except pkcs11.exceptions.PKCS11Error:
                raise WrongPassphrase from None

    def destroy(self, wrapped: bytes | None = None) -> int:
        """Destroys the key that wrapped this, or all of ours when nothing is named; how many."""
        wanted = None if wrapped is None else wrapped[:8]
        gone = 0
        with self._session() as (pkcs11, session):
            for key in list(session.get_objects({pkcs11.Attribute.LABEL: LABEL})):
                if wanted is None or bytes(key[pkcs11.Attribute.ID]) == wanted:
                    key.destroy()
                    gone += 1
        return gone

    def count(self) -> int:
        """How many keys of ours the token holds."""
        with self._session() as (pkcs11, session):
            return len(list(session.get_objects({pkcs11.Attribute.LABEL: LABEL})))

    @contextmanager
    def _session(self) -> Iterator[tuple[Any, Any]]:
        pkcs11 = _library()
        try:
            token = pkcs11.lib(str(self.module)).get_token(token_label=self.token_label)
            opened = token.open(user_pin=self.pin, rw=True)
        except pkcs11.exceptions.PinIncorrect:
            raise WrongPassphrase from None
        except pkcs11.exceptions.PKCS11Error:
            raise KeyFileUnusable(reason="module") from None
        with opened as session:
            yield pkcs11, session


def _library() -> Any:
    try:
        import pkcs11
        import pkcs11.exceptions
    except ImportError:
        raise KeyFileUnusable(reason="library") from None
    return pkcs11


def _mechanism(pkcs11: Any, nonce: bytes, contract: str) -> dict[str, Any]:
    bound = with_lengths(b"dialer/token/v1", contract.encode())
    return {
        "mechanism": pkcs11.Mechanism.AES_GCM,
        "mechanism_param": pkcs11.GCMParams(nonce=nonce, aad=bound),
    }
