"""The sheet of a simulation: it fits every terminal, and shows what may not be missed."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.display import to_html, to_text
from inotrope.display.simulation_sheet import chart, simulation_sheet
from inotrope.simulation import Simulation, simulate

WHOM = {"weight": "70 kg", "age": "60 year", "creatinine clearance": "80 mL/min/1.73 m2"}
MANY: dict[str, Any] = {"patients": 30, "seed": 1}


def found(**more: Any) -> Simulation:
    asked: dict[str, Any] = {"covariates": WHOM, **more}
    return simulate("milrinone/label_adult", "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h", **asked)


@pytest.mark.parametrize("width", [80, 60, 132])
@pytest.mark.parametrize(
    "more", [{}, MANY, {**MANY, "quantiles": [0.05, 0.5]}, {"covariates": {**WHOM, "age": "9 year"}}, {"times_h": []}]
)
def test_no_line_is_wider_than_the_terminal(more: dict[str, Any], width: int) -> None:
    text = to_text(simulation_sheet(found(**more), notice="A notice."), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "A notice." in text


def test_a_single_moment_and_no_moment_draw_no_curve() -> None:
    assert chart(found(times_h=[4])) is None
    assert chart(found(times_h=[0, 0])) is None
    assert chart(found(times_h=[])) is None
    assert chart(found(**MANY, quantiles=[0.5])) is None
    assert chart(found(covariates={**WHOM, "age": "9 year"})) is None
    drawn = chart(found(until="400 h", step="10 min"))
    assert drawn is not None
    assert 481 <= len(drawn.time_h) <= 483  # and each turn
    assert drawn.time_h[-1] == 400


def test_what_may_not_be_missed_comes_first() -> None:
    heavy = to_text(simulation_sheet(found(covariates={**WHOM, "weight": "150 kg"}), notice=""))
    assert heavy.splitlines()[2].startswith("[!] EXTRAPOLATION  Beyond those who were studied")
    refused = to_text(simulation_sheet(found(covariates={**WHOM, "age": "9 year"}), notice=""))
    assert refused.splitlines()[2] == "[-] REFUSED  No level is computed"
    assert "== Levels" not in refused


def test_a_page_shows_the_chart() -> None:
    page = to_html(simulation_sheet(found(**MANY), notice="A notice."))
    assert page.count('<svg class="chart levels"') == 1
    assert page.count("<polygon") == 2
