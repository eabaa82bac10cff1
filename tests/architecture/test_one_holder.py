"""Whose case it is changes in one place (ADR 0033)."""

from __future__ import annotations

import ast

from tests.architecture.source_tree import files_of, shown, tree_of

WRITER = "campaigns/cases/hand_over.py"
QUEUE = "dialer/outbound/queue.py"


def writes_assignee(tree: ast.Module) -> bool:
    """``x.assignee = …``, ``.values(assignee=…)``, or a call of the queue's own writer."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Attribute) and one.attr == "assignee" for one in targets):
                return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else name
            given = {one.arg for one in node.keywords}
            if called == "set_assignee" or (called == "values" and "assignee" in given):
                return True
    return False


def test_whose_case_it_is_changes_in_one_place() -> None:
    found = {
        shown(path)
        for path in files_of("campaigns", "dialer", "webui")
        if writes_assignee(tree_of(path))
    }
    assert found == {WRITER, QUEUE}


def test_every_way_of_writing_it_is_seen() -> None:
    for text in (
        "case.assignee = 'OP01'",
        "update(CallCase).values(assignee=None)",
        "set_assignee(work, [], None)",
        "dialer.set_assignee(work, [], None)",
    ):
        assert writes_assignee(ast.parse(text)), text
    assert not writes_assignee(ast.parse("Entry(case_ref, assignee=case.assignee)"))
