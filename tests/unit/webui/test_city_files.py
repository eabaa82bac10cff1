"""A refused file of the city on the command line: places, and how many more there are."""

from __future__ import annotations

from webui.cli.city_files import FAULTS_SHOWN, refused_files


def test_the_first_faults_are_named_and_the_others_counted() -> None:
    fault = {"file": "#1", "row": 1_200, "column": "納付額", "code": "not_digits", "byte": None}
    report = {"faults": [fault] * (FAULTS_SHOWN + 1), "faults_beyond": 4}
    answer = refused_files("notice_rejected", report)
    named = [line for line in answer.lines if line == "  #1 1,200行目 「納付額」: not_digits"]
    assert len(named) == FAULTS_SHOWN
    assert answer.lines[-1] == "  ほか 5 件"
    assert answer.document["faults_beyond"] == 4
