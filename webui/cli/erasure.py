"""``dialer erasure plan|run|verify|certify``: the end of data, step by step (S4-14.10).

Two persons destroy the keys (``--as`` a supervisor, ``--with`` an administrator), a third one
verifies. In production each gives a password, one line each on standard input, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from campaigns.api import (
    certify,
    destroy_copies,
    destroy_keys,
    freeze_now,
    get_erasure,
    list_erasures,
    plan_erasure,
    purge_rows,
    scan_before,
    verify_erasure,
)
from secure_store.access import Actor, Permission
from secure_store.erasure.execution import ErasureView
from secure_store.errors import NotFound
from secure_store.work import SecureStore
from webui.certificate_pdf import certificate_pdf
from webui.cli.arguments import Commands, UsageRefused, command, noun
from webui.cli.context import Context
from webui.cli.output import Answer
from webui.cli.words import ERASURE_WORDS
from webui.pdf import PdfUnavailable
from webui.sentences import SENTENCES

SUPERVISOR, ADMINISTRATOR, VERIFIER = "SV01", "AD01", "VF01"
CERTIFICATES = "certificates"


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "erasure", "抹消")
    planning = command(verbs, "plan", plan, "件数を数え、抹消を申請する")
    running = command(verbs, "run", run, "鍵を抹消し、行とファイルを消す（二名）")
    verifying = command(verbs, "verify", verify, "開けるものが残っていないことを確かめる")
    certifying = command(verbs, "certify", write_certificate, "抹消証明書に署名して書き出す")
    for parser in (planning, running, verifying, certifying):
        parser.add_argument(
            "--scope",
            metavar="contract|A01|A01-202209|case:ID|recording:ID",
            required=parser is not running,
            help="抹消の範囲",
        )
    running.add_argument("--with", dest="second", metavar="CODE", help="立ち会うシステム管理者")
    running.add_argument(
        "--all", action="store_true", help="訓練のホームで、申請から証明書まで全て行う"
    )
    for parser in (running, certifying):
        parser.add_argument("--out", type=Path, metavar="FILE", help="証明書ファイルの置き場所")


def plan(context: Context) -> Answer:
    """Counts what lies in the scope and sends the application."""
    with context.work(Permission.REQUEST_ERASURE) as work:
        view = plan_erasure(work, context.given.scope)
    return _answer(view)


def run(context: Context) -> Answer:
    """Freeze, scan, destroy keys, delete rows, destroy copies; goes on from where it stood."""
    if context.given.all:
        return _run_all(context)
    if context.given.scope is None:
        raise UsageRefused("--scope が必要です")
    supervisor = context.actor(Permission.DESTROY_KEYS)
    administrator = context.person(context.given.second, Permission.DESTROY_KEYS)
    view = _of_scope(context, supervisor, context.given.scope)
    return _answer(_destroy(context.store, supervisor, administrator, view.id))


def _destroy(
    store: SecureStore, supervisor: Actor, administrator: Actor, erasure_id: UUID
) -> ErasureView:
    """From the freeze to the last copy; a step done before is passed over."""
    freeze_now(store, supervisor, erasure_id)
    scan_before(store, supervisor, erasure_id)
    destroy_keys(store, supervisor, administrator, erasure_id)
    purge_rows(store, administrator, erasure_id)
    return destroy_copies(store, administrator, erasure_id)


def verify(context: Context) -> Answer:
    """The third person's scan: nothing opens, nothing is left."""
    actor = context.actor(Permission.VERIFY_ERASURE)
    view = _of_scope(context, actor, context.given.scope)
    return _answer(verify_erasure(context.store, actor, view.id))


def write_certificate(context: Context) -> Answer:
    """Writes the signed certificate; asked again, the same bytes."""
    actor = context.actor(Permission.REQUEST_ERASURE)
    view = _of_scope(context, actor, context.given.scope)
    return _certified(context, actor, view.id)


def _run_all(context: Context) -> Answer:
    """A rehearsal plays every step with its ready persons (decision 13)."""
    context.require_rehearsal()
    supervisor = context.person(getattr(context.given, "person", None) or SUPERVISOR)
    administrator = context.person(context.given.second or ADMINISTRATOR)
    scope = context.given.scope or "contract"
    found = _find(context, supervisor, scope)
    if found is None:
        with context.store.work(supervisor) as work:
            found = plan_erasure(work, scope)
    _destroy(context.store, supervisor, administrator, found.id)
    verify_erasure(context.store, context.person(VERIFIER), found.id)
    return _certified(context, supervisor, found.id)


def _find(context: Context, actor: Actor, scope: str) -> ErasureView | None:
    with context.store.work(actor, readonly=True) as work:
        views: Sequence[ErasureView] = list_erasures(work)
    return next((view for view in views if view.scope.text() == scope.strip()), None)


def _of_scope(context: Context, actor: Actor, scope: str) -> ErasureView:
    found = _find(context, actor, scope)
    if found is None:
        raise NotFound(kind="erasure")
    return found


def _certified(context: Context, actor: Actor, erasure_id: UUID) -> Answer:
    content = certify(context.store, actor, erasure_id)
    with context.store.work(actor) as work:
        view = get_erasure(work, erasure_id)
    folder = context.services.settings.home / CERTIFICATES
    path: Path = context.given.out or folder / f"{view.number}.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(content)
    return _answer(view, path.resolve(), _paper(context, content, path.with_suffix(".pdf")))


def _paper(context: Context, content: bytes, path: Path) -> Path | None:
    """The paper beside the file; without the programs for it the file alone is enough."""
    try:
        path.write_bytes(certificate_pdf(content))
    except PdfUnavailable as missing:
        context.output.note(SENTENCES[missing.code])
        return None
    return path.resolve()


def _answer(
    view: ErasureView, certificate: Path | None = None, paper: Path | None = None
) -> Answer:
    document = {
        "id": view.id,
        "number": view.number,
        "scope": view.scope.text(),
        "state": view.state.value,
        "counts": [
            {
                "receivable": line.receivable,
                "campaign": line.batch,
                "place": line.place,
                "count": line.count,
            }
            for line in view.counts
        ],
        "gates_noted": [gate.value for gate in view.gates_noted],
        "keys_destroyed": view.keys_destroyed,
        "certificate": certificate,
        "paper": paper,
    }
    lines = [f"{view.number}  {view.scope.text()}  {ERASURE_WORDS[view.state]}"]
    lines += [f"  {line.batch or '-':12} {line.place:18} {line.count:,}" for line in view.counts]
    if certificate is not None:
        lines.append(f"証明書: {certificate}")
    if paper is not None:
        lines.append(f"印刷用: {paper}")
    return Answer(document, tuple(lines))
