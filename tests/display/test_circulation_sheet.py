"""The sheet and the figures of a circulation: what stands on everything, and where shapes lie."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from inotrope import predict_circulation, read_case
from inotrope.display import to_html, to_text
from inotrope.display.circulation_figures import chain_figures, circulation_svg, loop_figure, response_figures
from inotrope.display.circulation_sheet import circulation_sheet, told_step
from inotrope.display.shapes import Shape
from inotrope.display.sheet import Mark
from inotrope.plan.circulation import making
from inotrope.plan.circulation.loops import WITHOUT
from inotrope.plan.circulation.moments import BELOW_IT
from inotrope.plan.circulation.record import CirculationForecast, Curve, Loop

from ..plan.circulation.whom import case, written

FIRST = "This explains and warns; it selects no rate, and no dose comes from it."
INOTROPY = "The label does not identify inotropy"


def box(side: str, when: str, member: str, smallest: float) -> Loop:
    """Return a loop that is a box of 50 mL and 80 mmHg."""
    return Loop(
        side=side,
        when=when,
        member=member,
        volume_ml=(smallest + 50, smallest + 50, smallest, smallest),
        pressure_mmhg=(10.0, 90.0, 90.0, 10.0),
        stroke_work_mmhg_ml=4000.0,
        end_systolic_mmhg_per_ml=1.0,
        v0_ml=20.0,
    )


@pytest.fixture(name="bare")
def _bare(monkeypatch: pytest.MonkeyPatch) -> CirculationForecast:
    """Give a prediction without loops, of a patient who lacks one number."""
    monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)
    table = written({"right ventricular ejection fraction": None})
    table["measurements"] = [item for item in table["measurements"] if "creatinine" not in item["what"]]
    lacking = read_case(table)  # and a creatinine: at the label's own levels
    return predict_circulation(lacking, typical="decompensated_heart_failure")


@pytest.fixture(name="whole")
def _whole(bare: CirculationForecast) -> CirculationForecast:
    """Give the same with loops that are boxes."""
    loops = tuple(
        box(side, when, member, 100.0 if when == "before" else 80.0)
        for side in ("left", "right")
        for when in ("before", "during")
        for member in ("P2", "P1", "P3")
    )
    return replace(bare, loops=loops, loops_of="at some level")


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_medium_says_what_it_is_for_and_whose_numbers_it_shows(whole: CirculationForecast) -> None:
    shown = (
        to_text(circulation_sheet(whole)),
        to_html(circulation_sheet(whole, figures=True)),
        " ".join(ElementTree.fromstring(circulation_svg(whole)).itertext()),
    )
    for text in map(words, shown):
        assert FIRST in text and INOTROPY in text
        assert "an adult with decompensated heart failure" in text and "28 %" in text
    for text in shown[:2]:
        assert "not cleared as a medical device" in words(text)


def test_the_text_has_before_and_during_with_the_spread_of_the_members(whole: CirculationForecast) -> None:
    text = words(to_text(circulation_sheet(whole)))
    assert "PCWP 26 mmHg" in text and "217" in text
    assert "Studied: 163 to 326 ng/mL" in text and "Above 400 ng/mL it is extrapolation" in text
    assert "4,000 (4,000 to 4,000)" in text and "left ventricle, stroke" in text
    assert "Drawn with --plot FILE.svg" in text


def test_the_share_of_patients_stands_where_somebody_said_how_they_differ(bare: CirculationForecast) -> None:
    caption = "Change in 90 % of patients with these numbers before"
    assert caption not in words(to_text(circulation_sheet(bare)))  # one number is assumed
    bare = predict_circulation(case())
    assert caption in words(to_text(circulation_sheet(bare)))
    first = replace(bare.moments[0].foreseen[0], ninety_from=None, ninety_to=None)
    one = replace(bare.moments[0], foreseen=(first, *bare.moments[0].foreseen[1:]))
    some = replace(bare, moments=(one, *bare.moments[1:]))
    assert "too few have" in words(to_text(circulation_sheet(some)))
    nobody = tuple(
        replace(item, foreseen=tuple(replace(each, ninety_from=None, ninety_to=None) for each in item.foreseen))
        for item in bare.moments
    )
    assert caption not in words(to_text(circulation_sheet(replace(bare, moments=nobody))))


def test_without_loops_everything_else_stands_and_says_why(bare: CirculationForecast) -> None:
    for text in (to_text(circulation_sheet(bare)), circulation_svg(bare)):
        assert "needs Numba" in words(text)
    assert loop_figure(bare, "left") is None
    assert len(chain_figures(bare)) == 7 and len(response_figures(bare)) == 6
    assert to_html(circulation_sheet(bare, figures=True)).count('<svg class="chart figure"') == 13


def test_the_chain_ends_in_the_loop_and_is_one_picture(whole: CirculationForecast) -> None:
    chain = chain_figures(whole)
    assert [figure.title[:2] for figure in chain] == [f"{place}." for place in range(1, 9)]
    name = "{http://www.w3.org/2000/svg}"
    root = ElementTree.fromstring(circulation_svg(whole))
    assert len(root.findall(f"{name}svg")) == 15
    assert to_html(circulation_sheet(whole, figures=True)).count('<svg class="chart figure"') == 16


def test_a_loop_comes_back_to_where_it_began(whole: CirculationForecast) -> None:
    figure = loop_figure(whole, "right")
    assert figure is not None
    before, during, *_ = figure.layers
    assert (before.shape, during.shape) == (Shape.DASHED, Shape.LINE)
    assert before.x == (150, 150, 100, 100, 150) and before.y == (10, 90, 90, 10, 10)
    assert min(during.x) == 80
    lines = [layer for layer in figure.layers if layer.shape is Shape.DOTTED]
    assert lines[0].x[0] == 20 and lines[0].y == (0.0, lines[0].x[1] - 20)
    assert figure.up.high >= 90 * 1.02 and figure.across.high >= 150 * 1.02


def test_the_marks_lie_on_the_curve_and_the_studied_levels_are_shown(bare: CirculationForecast) -> None:
    pressure = response_figures(bare)[3]
    studied = pressure.layers[0]
    assert (studied.shape, studied.x, studied.until_x) == (Shape.RANGE, (163.0,), (326.0,))
    marks = next(layer for layer in pressure.layers if layer.shape is Shape.DISK)
    told = [next(x for x in item.foreseen if x.what == "mean arterial pressure") for item in bare.moments]
    for mark, item in zip(marks.y, told, strict=True):
        assert mark == pytest.approx(float(item.change.value), abs=0.15)
    for figure in (pressure, chain_figures(bare)[6]):
        (edge,) = [layer for layer in figure.layers if layer.shape is Shape.EDGE]
        assert edge.x == (400.0, 400.0) and "above 400 ng/mL: extrapolation" in edge.words
        assert len({layer.shape for layer in figure.layers if layer.shape.is_line}) == sum(
            layer.shape.is_line for layer in figure.layers
        )  # no two lines of a figure look alike


def test_bands_that_overlap_are_not_drawn_over_each_other(bare: CirculationForecast) -> None:
    rate = chain_figures(bare)[5]
    (band,) = [layer for layer in rate.layers if layer.shape is Shape.LIGHT]
    assert band.words.startswith("with the reflex") and sum(layer.shape.is_line for layer in rate.layers) == 3


def test_where_there_is_no_steady_state_nothing_is_drawn(bare: CirculationForecast) -> None:
    assert bare.response is not None
    gone = (None,) * len(bare.response.level_ng_per_ml)
    curves = tuple(
        Curve(curve.what, curve.of, gone, gone, gone) if curve.what == "cardiac output" else curve
        for curve in bare.response.curves
    )
    odd = replace(bare, response=replace(bare.response, curves=curves))
    output = response_figures(odd)[0]
    assert not any(math.isfinite(value) for layer in output.layers if layer.shape is Shape.LINE for value in layer.y)
    assert "no steady state" in to_text(circulation_sheet(odd))


def test_a_refusal_asks_and_has_no_numbers() -> None:
    found = predict_circulation(case({"cardiac output": None}))
    text = words(to_text(circulation_sheet(found)))
    assert "REFUSED Nothing is predicted" in text and "What was the cardiac output before the drug" in text
    assert chain_figures(found) == response_figures(found) == ()
    assert "Before and during" not in to_text(circulation_sheet(found))
    changed = [{"of": "norepinephrine", "start": "2026-11-22T07:50:00+01:00", "rate": "0.1 mcg/kg/min"}]
    text = words(to_text(circulation_sheet(predict_circulation(case(administrations=changed)))))
    assert "norepinephrine was given or changed since" in text and "- measurements" not in text


def test_a_warning_stands_above_everything(bare: CirculationForecast) -> None:
    warned = replace(bare, moments=(replace(bare.moments[0], warnings=("Beware of it.",)), *bare.moments[1:]))
    alerts = circulation_sheet(warned).alerts
    assert [card.title for card in alerts][1:3] == [
        "The model and this patient",
        "At 0.375 mcg/kg/min, steady, 163 ng/mL",
    ]
    assert alerts[2].rows[0].text == "Beware of it."
    svg = circulation_svg(warned)
    assert "[!] At 0.375 mcg/kg/min, steady, 163 ng/mL: Beware of it." in svg
    assert svg.index("Beware of it.") < svg.index("selects no rate") and "A male patient of" in svg


def test_what_a_low_pressure_means_is_told_once_and_all_else_at_every_moment(bare: CirculationForecast) -> None:
    each = zip(bare.moments, ("a", "b", "c"), strict=True)
    low = tuple(replace(item, warnings=(text, "Of all.", *([BELOW_IT] if text != "a" else []))) for item, text in each)
    cards = circulation_sheet(replace(bare, moments=low, warnings=())).alerts[1:]
    assert [[row.text for row in card.rows] for card in cards] == [
        ["a", "Of all."],
        ["b", "Of all.", BELOW_IT],
        ["c", "Of all."],
    ]


def test_a_change_has_its_sign_and_a_share_has_none(bare: CirculationForecast) -> None:
    told = {step.what: told_step(step) for step in bare.moments[0].steps}
    assert re.fullmatch(r"[\d.]+ %", told["PDE3 occupied"]) and re.fullmatch(r"\+[\d.]+ %", told["cAMP of the heart"])
    assert re.fullmatch(r"-[\d.]+ % \(-[\d.]+ to -[\d.]+\)", told["resistance of the arteries"])


def test_a_wholly_typical_heart_is_named_so(bare: CirculationForecast) -> None:
    readings = tuple(replace(item, assumed="somebody else") for item in bare.readings)
    assert circulation_sheet(replace(bare, readings=readings)).alerts[0].title.startswith("A typical heart")
    own = tuple(replace(item, assumed="") for item in bare.readings)
    assert all(card.mark is Mark.WARN for card in circulation_sheet(replace(bare, readings=own)).alerts)
