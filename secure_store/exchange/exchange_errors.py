"""What the exchange with the city refuses. Details hold codes, counts and digests only."""

from __future__ import annotations

from secure_store.errors import Conflict, Invalid, NotAllowed, NotFound


class FilePasswordMissing(Invalid):
    """The file is locked by a password and none was given."""

    code = "file_password_missing"


class FilePasswordWrong(Invalid):
    """The password does not open the file; nothing was taken in."""

    code = "file_password_wrong"


class FilePasswordPaused(Conflict):
    """Too many wrong passwords for this file; it has to wait."""

    code = "file_password_paused"


class EnvelopeNotForUs(Invalid):
    """The file was encrypted for another key than ours."""

    code = "envelope_not_for_us"


class EnvelopeBroken(Invalid):
    """The encrypted file was cut or altered."""

    code = "envelope_broken"


class EnvelopeRefused(Invalid):
    """The encrypted file is of a kind that is not taken in (`fault` says which)."""

    code = "envelope_refused"


class RecipientMissing(Conflict):
    """No key or password of the city is registered for a file that is to leave."""

    code = "recipient_missing"


class RecipientInvalid(Invalid):
    """The public key is not a usable age key of the city."""

    code = "recipient_invalid"


class RecipientSamePerson(NotAllowed):
    """A recipient is confirmed by another person than the one who entered it."""

    code = "recipient_same_person"


class DeliveryPasswordMissing(Invalid):
    """This department's files are locked by a password, which has to be given at placing."""

    code = "delivery_password_missing"


class DeliveryPasswordWeak(Invalid):
    """The password for a delivery is too short."""

    code = "delivery_password_weak"


class NotAHandler(NotAllowed):
    """Only supervisors on the current staffing chart, named as handlers, handle lent data."""

    code = "not_a_handler"


class MediumUnknown(NotFound):
    """This medium is not in the register."""

    code = "medium_unknown"


class MediumExists(Conflict):
    """A medium with this serial number is in the register already."""

    code = "medium_exists"


class MediumNotEncrypted(NotAllowed):
    """This medium is not registered as encrypted; nothing is carried on it."""

    code = "medium_not_encrypted"


class MediumNotAllowed(Conflict):
    """The medium is not in a state that permits this step."""

    code = "medium_not_allowed"


class MediumHoldsHome(Conflict):
    """The folder to be wiped holds the record store or its keys: it is no medium of deliveries."""

    code = "medium_holds_home"


class MediumNotEmpty(Conflict):
    """After overwriting, something is still on the medium."""

    code = "medium_not_empty"


class HandOverInvalid(Invalid):
    """The hand-over record names a means, a place or a post that is not designated."""

    code = "hand_over_invalid"


class HandOverStands(Conflict):
    """There is a receipt for this delivery already, or it was taken in."""

    code = "hand_over_stands"


class InboundAltered(Conflict):
    """A file in the inbound folder is not the one that was registered."""

    code = "inbound_altered"


class InboundRefused(Invalid):
    """What lies in the inbound folder cannot be registered (`fault` says why)."""

    code = "inbound_refused"


class ReceiptMissing(Conflict):
    """The delivery has no hand-over record; it stays unconfirmed."""

    code = "receipt_missing"


class ExportRefused(NotAllowed):
    """Nothing leaves without a purpose of the list and an approval of the city in force."""

    code = "export_refused"


class ExportLimitReached(ExportRefused):
    """This person has taken out as often as one day allows."""

    code = "export_limit_reached"


class ExportApprovalInvalid(Invalid):
    """The approval is not usable as entered (`field` says where)."""

    code = "export_approval_invalid"
