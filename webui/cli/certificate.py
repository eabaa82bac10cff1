"""``dialer certificate verify``: checks an erasure certificate with a public key, without a home."""

from __future__ import annotations

from secure_store.verifier.canonical import UnusableKeyError
from secure_store.verifier.certificate_check import HOW, SENTENCES, by_hand, check
from webui.cli.arguments import Commands, UsageRefused, command, file, noun
from webui.cli.context import Context
from webui.cli.output import Answer, refused


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "certificate", "抹消証明書")
    parser = command(verbs, "verify", verify, "署名と記載の数値を確かめる")
    parser.add_argument("file", type=file, metavar="FILE", help="証明書ファイル")
    parser.add_argument(
        "--public-key", required=True, type=file, metavar="FILE", help="公開鍵（PEM又は32バイト）"
    )


def verify(context: Context) -> Answer:
    """Exit 0 when it is genuine and its figures agree, else 1 with the reason (S4-14.10)."""
    given = context.given
    try:
        content = given.file.read_bytes()
        verdict = check(content, given.public_key.read_bytes())
    except UnusableKeyError:
        raise UsageRefused("--public-key を公開鍵として読めません") from None
    text = SENTENCES[verdict.error_code]
    if verdict.error_code is None:
        commands = by_hand(content, given.file.name, given.public_key.name)
        document = {"ok": True, "file": given.file.name, "by_hand": commands}
        return Answer(document, (text, HOW, *(f"  {line}" for line in commands)))
    details = {"where": verdict.where} if verdict.where else {}
    return refused(
        verdict.error_code.value,
        details,
        text=text,
        with_fields={"ok": False, "file": given.file.name},
    )
