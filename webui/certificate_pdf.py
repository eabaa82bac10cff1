"""The certificate of an erasure, or its deletion record, as the PDF a city files (S4-14.10)."""

from __future__ import annotations

from secure_store.erasure.paper_tables import day, paper_tables
from secure_store.erasure.printed import check_lines
from secure_store.erasure.printed_words import OPENING, REHEARSAL, ROLES, TITLES
from secure_store.erasure.reading import read_certificate
from webui.pdf import pdf_of


def certificate_pdf(file_bytes: bytes) -> bytes:
    """The paper of a certificate file, about four pages A4.

    Raises NotCanonical for another file, PdfUnavailable without the programs for it.
    """
    certificate = read_certificate(file_bytes)
    head = certificate.head
    lines = [line.strip("　") for line in check_lines(certificate)]
    return pdf_of(
        "papers/certificate.html",
        head=head,
        title=TITLES[head.document],
        opening=OPENING[head.document],
        issued_on=day(head.issued_on),
        rehearsal=REHEARSAL if head.rehearsal else "",
        tables=paper_tables(certificate),
        is_copy=lines[1],
        checks=lines[2:],
        seals=[("受託者", head.contractor_representative)]
        + [(ROLES[person.role], person.name) for person in certificate.execution.persons]
        + ([("立会者", certificate.witness.name)] if certificate.witness.name else []),
    )
