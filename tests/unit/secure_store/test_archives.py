"""Each limit of an archive alone: what lies just inside is opened, what lies just outside is not."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from secure_store import limits
from secure_store.archives import ArchiveFault, ArchiveRefused, inflated, members_of


def archive(*contents: bytes) -> bytes:
    """A ZIP with one deflated member for each content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number, content in enumerate(contents):
            made.writestr(f"m{number}.xml", content)
    return out.getvalue()


def content_of(size: int, noise: int) -> bytes:
    """So many bytes, of which ``noise`` do not become smaller."""
    return random.Random(1).randbytes(noise) + bytes(size - noise)


def opened(data: bytes) -> int:
    """How many bytes come out."""
    return sum(len(piece) for _member, piece in inflated(data, members_of(data)))


@pytest.mark.clause("T43")
@pytest.mark.parametrize(
    ("size", "noise", "is_opened"),
    [
        (2 * limits.MIB, 2 * limits.MIB // 45, True),  # 45 to 1 and less
        (2 * limits.MIB, 2 * limits.MIB // 60, False),  # above 50 to 1
        (limits.MIB, 0, True),  # up to 1 MiB anything may be dense
        (limits.MIB + limits.KIB, 0, False),
    ],
)
def test_a_member_may_not_be_much_larger_than_what_is_stored(
    size: int, noise: int, is_opened: bool
) -> None:
    data = archive(content_of(size, noise))
    if is_opened:
        assert opened(data) == size
        return
    with pytest.raises(ArchiveRefused) as refused:
        opened(data)
    assert refused.value.reason is ArchiveFault.TOO_LARGE


@pytest.mark.clause("T43")
def test_an_archive_has_at_most_so_many_members() -> None:
    most = int(limits.MEMBERS.most)
    assert len(members_of(archive(*[b"x"] * most))) == most
    with pytest.raises(ArchiveRefused) as refused:
        members_of(archive(*[b"x"] * (most + 1)))
    assert refused.value.reason is ArchiveFault.TOO_MANY_MEMBERS
