"""Two open endpoints without data: is the system up, and what a browser's policy complained of."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify

blueprint = Blueprint("health", __name__)
log = logging.getLogger("webui.policy")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answers when the application answers; says nothing else."""
    return jsonify(status="ok")


@blueprint.post("/csp-report")
def csp_report() -> tuple[str, int]:
    """A browser refused something. Its report may hold addresses, so only the fact is logged."""
    log.warning("policy_violation")
    return "", 204
