"""Papers as PDF, made of the same HTML as pages. WeasyPrint is loaded when the first is asked for.

It needs Pango, which is a package of the operating system: a home without it works, and says
which packages are missing when a PDF is asked for.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from secure_store.errors import Unavailable

LOOK = Path(__file__).parent / "static" / "css" / "papers.css"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-ipaexfont fonts-noto-cjk"

# Of their own: the command line makes papers too, where no page is asked for.
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


class PdfUnavailable(Unavailable):
    """The programs that set a PDF are not installed on this computer."""

    code = "pdf_unavailable"

    def __init__(self) -> None:
        super().__init__(packages=PACKAGES)


def pdf_of(template: str, **values: object) -> bytes:
    """The PDF (A4, PDF/A-3u) of a template of papers. Raises PdfUnavailable."""
    html = _TEMPLATES.get_template(template).render(**values)
    try:
        import weasyprint
    except (ImportError, OSError):
        raise PdfUnavailable from None
    # No address is ever followed: everything a paper needs stands in its own text.
    document = weasyprint.HTML(string=html, url_fetcher=_refuse)
    look = weasyprint.CSS(string=LOOK.read_text("utf-8"), url_fetcher=_refuse)
    with warnings.catch_warnings():
        # It leaves the colour profile of PDF/A to be closed by the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return bytes(document.write_pdf(stylesheets=[look], pdf_variant="pdf/a-3u"))


def _refuse(address: str) -> dict[str, object]:
    raise ValueError("papers load nothing")
