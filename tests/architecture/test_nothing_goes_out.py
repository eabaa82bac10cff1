"""No part of the program opens a connection: the import contract, and what it would find (T41)."""

from __future__ import annotations

import ast
import configparser
import re

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, files_of, tree_of

CONTRACT = "importlinter:contract:no-outbound"
# Where other programs are started, and which: none of them is given an address.
STARTS_PROGRAMS = {
    "campaigns/intake/workbooks.py": "the process that reads a workbook",
    "secure_store/backups/database_copy.py": "the tools of the database, to its own server",
}
_ADDRESS = re.compile(r"https?://(?!127\.0\.0\.1|localhost|\{)[\w.-]+", re.IGNORECASE)


def contract() -> configparser.SectionProxy:
    settings = configparser.ConfigParser()
    settings.read(ROOT / ".importlinter", encoding="utf-8")
    return settings[CONTRACT]


@pytest.mark.clause("T41", "S4-8.6a", "S3-B1-5.1")
def test_the_contract_covers_every_package_and_every_way_out() -> None:
    assert set(contract()["source_modules"].split()) == set(PACKAGES)
    assert set(contract()["forbidden_modules"].split()) >= {
        "socket", "ssl", "http", "smtplib", "ftplib", "telnetlib", "imaplib",
        "poplib", "nntplib", "xmlrpc", "asyncio", "requests", "httpx", "urllib3", "aiohttp",
        "twilio", "paramiko", "boto3",
    }  # fmt: skip


@pytest.mark.clause("T41", "S4-8.6a")
def test_no_file_imports_a_way_out_by_another_name() -> None:
    ways = {name.split(".")[0] for name in contract()["forbidden_modules"].split()}
    found = []
    for path in files_of(*PACKAGES):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                first = node.args[0] if node.args else None
                named = isinstance(first, ast.Constant) and first.value in ways
                if called in ("import_module", "__import__") and named:
                    found.append(str(path.relative_to(ROOT)))
            # The contract knows whole libraries only, and of this one a part is harmless.
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("urllib"):
                found += [str(path.relative_to(ROOT))] * (node.module != "urllib.parse")
            if isinstance(node, ast.Import) and any(
                n.name.startswith("urllib") for n in node.names
            ):
                found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_only_known_files_start_other_programs() -> None:
    starts = set()
    for path in files_of(*PACKAGES):
        imports = [
            name
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
            )
        ]
        if "subprocess" in imports or "multiprocessing" in imports:
            starts.add(str(path.relative_to(ROOT)))
    assert starts == set(STARTS_PROGRAMS)


def test_no_page_and_no_script_names_a_host_outside() -> None:
    ours = [
        path
        for folder in ("templates", "static/js", "static/css")
        for path in (ROOT / "webui" / folder).rglob("*")
        if path.is_file()
    ]
    assert len(ours) > 60
    named = {
        str(path.relative_to(ROOT)): found
        for path in ours
        if (found := _ADDRESS.findall(path.read_text("utf-8")))
    }
    assert {one for found in named.values() for one in found} <= {"http://www.w3.org"}, named
