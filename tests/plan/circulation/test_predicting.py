"""A case in, its circulation before and during out: whose numbers, and which levels."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import numpy as np
import pytest

from inotrope import predict_circulation, read_case
from inotrope.circulation import Assumed, Bedside, act, calibrate, settle
from inotrope.errors import RequestError
from inotrope.patient import Case
from inotrope.plan.circulation import making
from inotrope.plan.circulation.loops import WITHOUT
from inotrope.plan.circulation.members import members_of
from inotrope.plan.circulation.moments import About, moment_of
from inotrope.plan.circulation.record import CirculationForecast, CirculationStatus
from inotrope.plan.circulation.saying import FIRST, FITS, INOTROPY
from inotrope.plan.plain import to_plain

from ...circulation.patients import failing, milrinone
from .whom import AT, BEDSIDE, case, written

SURFACE = (82 * 178 / 3600) ** 0.5
REGIMEN = "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h"
CLEARANCE = 64.047
"""mL/min/1.73 m2, of the shipped sound adult."""
OWN_LEVEL = 0.5 * 60 / (0.14 * (0.17 + 0.83 * CLEARANCE / 80))
"""ng/mL, steady at 0.5 mcg/kg/min by models/label_adult.toml: 0.14 L/kg/h, of which 83 % follow the kidneys."""
WITH_NUMBA = ("inotrope.circulation.beats", "inotrope.circulation.machine", "inotrope.circulation.many")


@pytest.fixture(autouse=True)
def _no_loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the machine code alone where a test is not about loops."""
    if "loops" not in request.node.name:
        monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)


def of_size(assumed: Assumed, size: float) -> Assumed:
    """Return what is assumed of a body so many times as large: law 22 of facts/circulation.md."""
    return replace(
        assumed,
        left_v0_ml=assumed.left_v0_ml * size,
        right_v0_ml=assumed.right_v0_ml * size,
        venous_mmhg_s_per_ml=assumed.venous_mmhg_s_per_ml / size,
        systemic_arteries_ml_per_mmhg=assumed.systemic_arteries_ml_per_mmhg * size,
        systemic_veins_ml_per_mmhg=assumed.systemic_veins_ml_per_mmhg * size,
        pulmonary_arteries_ml_per_mmhg=assumed.pulmonary_arteries_ml_per_mmhg * size,
        pulmonary_veins_ml_per_mmhg=assumed.pulmonary_veins_ml_per_mmhg * size,
    )


def of_the_label(changed: dict[str, str | None] | None = None, **keys: object) -> Case:
    """Return the patient without a creatinine: the levels at the label's rates are then those of the fit."""
    table = written(changed, **keys)
    table["measurements"] = [item for item in table["measurements"] if "creatinine" not in item["what"]]
    return read_case(table)


def values(found: CirculationForecast, place: int = 0) -> dict[str, tuple[float, float, float, float]]:
    """Return before, during, lowest and highest of every quantity of a moment."""
    return {
        item.what: tuple(float(each.value) for each in (item.before, item.during, item.lowest, item.highest))  # type: ignore[misc]
        for item in found.moments[place].foreseen
    }


def test_it_gives_back_what_was_measured_and_then_the_members_of_the_fit() -> None:
    found = predict_circulation(case())
    assert found.status is CirculationStatus.PREDICTED and found.exit_code == 0 and not found.typical
    assert [float(item.level.value) for item in found.moments] == pytest.approx([192.6, 256.8, 385.2])
    for name, (before, _, low, high) in values(found, 1).items():
        assert low <= high, name
        told = {"wedge pressure": 26, "mean arterial pressure": 78, "heart rate": 92, "left ejection fraction": 22}
        assert before == told.get(name, before)
    own = dict.fromkeys(("heart_rate_per_min",), 92.0) | {
        "cardiac_output_l_per_min": 3.9,
        "mean_arterial_mmhg": 78.0,
        "central_venous_mmhg": 13.0,
        "wedge_mmhg": 26.0,
        "mean_pulmonary_mmhg": 37.0,
        "left_ejection_fraction": 0.22,
        "right_ejection_fraction": 0.3,
    }
    chances = []
    for name in ("P1", "P2", "P3"):
        member = milrinone().member(name)
        heart = calibrate(Bedside.of(**own), of_size(failing().assumed(left_v0_ml=member.left_v0_ml), SURFACE / 1.9))
        chain = act(OWN_LEVEL, milrinone().enzyme, milrinone().response(name))
        reflex = failing().reflex(scale=float(member.reflex))
        chances.append(float(settle(heart.changed(chain.changes), reflex, set_point_mmhg=78.0)[0].mean_arterial_mmhg))
    _, default, low, high = values(found, 1)["mean arterial pressure"]
    np.testing.assert_allclose((default, low, high), (chances[1], min(chances), max(chances)), atol=0.06)


def test_every_answer_says_what_it_is_for_and_that_the_label_does_not_tell_the_force() -> None:
    for found in (predict_circulation(case()), predict_circulation(case({"cardiac output": None}))):
        fits = FITS.format(all="P1, P2, P3", first="P2") if found.moments else ""
        assert found.says[:2] == (FIRST, INOTROPY.format(fits=fits))
        assert "selects no rate" in FIRST and "does not identify inotropy" in INOTROPY
        assert found.unknown and found.sources and "not cleared" in found.notice
        assert to_plain(found)["status"] == found.status


def test_what_is_missing_is_asked_for_and_never_guessed() -> None:
    found = predict_circulation(case({"right ventricular ejection fraction": None, "cardiac output": None}))
    assert found.status is CirculationStatus.REFUSED and found.exit_code == 4 and found.moments == ()
    assert [item.name for item in found.missing] == ["cardiac output", "right ventricular ejection fraction"]
    (refusal,) = found.refusals
    assert "Missing: cardiac output, right ventricular ejection fraction." in refusal.says
    assert any("typical heart (an adult with decompensated heart failure)" in need for need in refusal.needs)


def test_a_typical_heart_stands_in_when_it_is_named_and_is_said() -> None:
    asked = case({"right ventricular ejection fraction": None})
    found = predict_circulation(asked, typical="decompensated_heart_failure")
    assert found.typical
    assert [item.what for item in found.readings if item.assumed] == ["right ventricular ejection fraction"]
    assert any("Not measured in this patient" in text and "28 %" in text for text in found.says)
    with pytest.raises(RequestError, match="not a heart of this program"):
        predict_circulation(asked, typical="a_stone")


def test_patients_differ_by_more_than_the_members() -> None:
    """90 % of them lie around the members, and the middle of them is near the default one."""
    for item in predict_circulation(case()).moments:
        for each in item.foreseen:
            assert each.ninety_from is not None and each.ninety_to is not None
            low, high = float(each.ninety_from.value), float(each.ninety_to.value)
            assert low < float(each.least_change.value) and float(each.most_change.value) < high, each.what


def test_of_a_heart_that_nobody_spread_no_share_of_patients_is_told() -> None:
    found = predict_circulation(case(), typical="healthy_adult")
    assert all(each.ninety_from is each.ninety_to is None for item in found.moments for each in item.foreseen)
    low = predict_circulation(case({"mean arterial pressure": "66 mmHg"}), typical="healthy_adult").moments[2]
    assert any("mmHg is expected; the fits themselves expect" in text for text in low.warnings)
    assert not any("below 65 mmHg now" in text for text in low.warnings)
    already = predict_circulation(case({"mean arterial pressure": "62 mmHg"}), typical="healthy_adult").moments[2]
    assert any("It is below 65 mmHg now." in text for text in already.warnings)


def test_where_many_have_no_answer_no_range_is_told() -> None:
    """At a level far above all that were studied veins collapse in more than one of twenty."""
    dry = case({"central venous pressure": "2 mmHg", "pulmonary capillary wedge pressure": "8 mmHg"})
    (item,) = predict_circulation(dry, regimen="4 mcg/kg/min for 12 h").moments
    assert item.foreseen[0].ninety_from is None


def test_another_kind_of_heart_is_an_extrapolation_with_its_own_reflex() -> None:
    """facts/circulation.md, 2.2: with the gains of health MAP falls by some 10 % and the rate rises by 15 %."""
    found = predict_circulation(of_the_label(dict.fromkeys(BEDSIDE)), typical="healthy_adult")
    assert any("an extrapolation" in text for text in found.says)
    changes = {item.what: float(item.change.value) for item in found.moments[1].foreseen}
    assert -13 < changes["mean arterial pressure"] < -7 and 10 < changes["heart rate"] < 20


def test_the_output_comes_from_an_index_or_a_stroke_volume() -> None:
    found = predict_circulation(case({"cardiac output": None, "cardiac index": "2.0 L/min/m2"}))
    output = next(item for item in found.readings if item.what == "cardiac output")
    assert output.derived_from == "cardiac index and body surface"
    assert float(output.value.value) == pytest.approx(2 * (82 * 178 / 3600) ** 0.5, abs=1e-3)
    found = predict_circulation(case({"cardiac output": None, "stroke volume": "45 mL"}))
    output = next(item for item in found.readings if item.what == "cardiac output")
    assert output.derived_from == "stroke volume and heart rate"
    assert float(output.value.value) == pytest.approx(45 * 92 / 1000)


def test_a_regimen_is_computed_for_this_patient() -> None:
    """30 mcg/kg/h over 0.14 L/kg/h is 214 ng/mL; the case's clearance is below 100 mL/min, so it comes to more."""
    found = predict_circulation(case(), regimen=REGIMEN)
    assert [item.says for item in found.moments] == ["at the end, after 24.2 h"]
    assert found.given == REGIMEN and 214 < float(found.moments[0].level.value) < 300
    assert any("milrinone/label_adult" in text for text in found.says)
    twice = predict_circulation(case(), regimen="50 mcg/kg over 10 min; 0.2 mcg/kg/min for 4 h")
    assert [item.says.partition(",")[0] for item in twice.moments] == ["at the highest level", "at the end"]
    high, last = (float(item.level.value) for item in twice.moments)
    assert high > 1.02 * last
    load = predict_circulation(case(), regimen="50 mcg/kg over 10 min")
    assert [item.says.partition(",")[0] for item in load.moments] == ["at the end", "at the highest level"]


def test_a_regimen_that_its_model_refuses_gives_nothing() -> None:
    found = predict_circulation(case(), regimen=REGIMEN, model="milrinone/paradisis_2007")
    assert found.status is CirculationStatus.REFUSED
    assert found.refusals[0].says.startswith("No level is computed: ")


def test_above_the_studied_levels_it_warns() -> None:
    found = predict_circulation(case(), regimen="2 mcg/kg/min for 12 h")
    (item,) = found.moments
    assert item.beyond and item.warnings[0] == "Above 400 ng/mL every answer is an extrapolation."
    assert found.response is not None
    assert found.response.level_ng_per_ml[-1] == pytest.approx(1.25 * float(item.level.value), rel=0.01)
    low = predict_circulation(case({"central venous pressure": "2 mmHg"}), regimen="4 mcg/kg/min for 12 h")
    assert any("veins would collapse" in text for text in low.moments[0].warnings)


def test_a_pressure_at_which_rules_withhold_a_load_is_a_warning() -> None:
    """library/milrinone/dosing.toml: below 65 mmHg; MAP falls by some 15 % at 326 ng/mL, so 74 mmHg come to 63."""
    low = predict_circulation(of_the_label({"mean arterial pressure": "74 mmHg"}))
    told = [[text for text in item.warnings if text.startswith("MAP below 65 mmHg")] for item in low.moments]
    shares = [float(re.findall(r"in (\d+) % of patients", text)[0]) for (text,) in told]
    assert shares[0] < shares[1] < shares[2] and shares[2] > 50
    high = predict_circulation(of_the_label({"mean arterial pressure": "110 mmHg"}))
    assert not any(text.startswith("MAP below") for item in high.moments for text in item.warnings)
    members = members_of(milrinone(), failing().bedside)
    answer, _ = members.at(326.0)
    assert moment_of(members, "then", 326.0, answer, About(None, None, None)).warnings == ()  # no entry, no limit


def test_readings_of_the_infusion_are_left_out() -> None:
    begun = [{"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "rate": "0.375 mcg/kg/min"}]
    found = predict_circulation(case(administrations=begun))
    assert len(found.missing) == len(BEDSIDE)
    assert any("were left out: heart rate, cardiac output" in text for text in found.says)
    says = found.refusals[0].says  # and where it is refused, beside what is missing
    assert "Read since the drug was first given, and so left out here: heart rate, cardiac output" in says
    assert "learn from readings on the drug" in says


def test_a_lasting_beta_blocker_takes_part() -> None:
    """response.toml: at the drive 0.7 the output still rises by 30 % instead of 33 % at 217 ng/mL."""
    plain, blocked = predict_circulation(of_the_label()), predict_circulation(of_the_label(medicines=["carvedilol"]))
    rises = [next(x for x in each.moments[1].foreseen if x.what == "cardiac output") for each in (plain, blocked)]
    assert float(rises[1].change.value) < float(rises[0].change.value)
    assert any(text.startswith("Beside carvedilol") for text in blocked.says)
    assert rises[0].before == rises[1].before


def test_readings_hours_apart_are_told() -> None:
    table = case()
    assert not any("h apart" in text for text in predict_circulation(table).says)
    late = {"what": "central venous pressure", "value": "13 mmHg", "at": "2026-11-22T04:40:00+01:00"}
    other = written({"central venous pressure": None})
    other["measurements"].append(late)
    assert any("3.0 h apart" in text for text in predict_circulation(read_case(other)).says)
    assert late["at"] < AT


def test_curves_begin_at_nothing_and_hold_the_default_between_the_members() -> None:
    response = predict_circulation(of_the_label()).response
    assert response is not None
    assert (str(response.studied_from), str(response.studied_to)) == ("163 ng/mL", "326 ng/mL")
    for curve in response.curves:
        assert curve.percent[0] == pytest.approx(0, abs=1e-6)
        for middle, low, high in zip(curve.percent, curve.lowest_percent, curve.highest_percent, strict=True):
            assert middle is not None and low is not None and high is not None
            assert low - 1e-3 <= middle <= high + 1e-3
    occupied = next(curve for curve in response.curves if curve.what == "PDE3 occupied")
    # 0.30 x 217 / 211.2 = 0.308 umol/L over that and 0.4 is 43.5 %.
    level = response.level_ng_per_ml.index(216.0)
    assert occupied.percent[level] == pytest.approx(100 * 0.3068 / 0.7068, abs=0.1)


def test_loops_of_both_ventricles_hold_their_work() -> None:
    """Mean pressures come back, and the loop's area is the work that the beat told (the shoelace rule)."""
    found = predict_circulation(case())
    assert {(loop.side, loop.when) for loop in found.loops} == {
        (side, when) for side in ("left", "right") for when in ("before", "during")
    }
    assert len(found.loops) == 12 and found.loops_of == "at 0.5 mcg/kg/min, steady, 257 ng/mL"
    for loop in found.loops:
        volume, pressure = np.array(loop.volume_ml), np.array(loop.pressure_mmhg)
        area = (volume * np.roll(pressure, -1) - np.roll(volume, -1) * pressure).sum() / 2
        assert abs(area) == pytest.approx(loop.stroke_work_mmhg_ml, rel=0.02)
    before, during = (
        next(x for x in found.loops if (x.side, x.when) == ("left", when)) for when in ("before", "during")
    )
    assert during.stroke_work_mmhg_ml > before.stroke_work_mmhg_ml
    assert during.end_systolic_mmhg_per_ml > before.end_systolic_mmhg_per_ml and during.v0_ml == before.v0_ml


def test_loops_of_a_stiff_heart_take_shorter_steps_and_no_loop_is_of_no_number() -> None:
    stiff = predict_circulation(case({"heart rate": "60 /min", "left ventricular ejection fraction": "55 %"}))
    assert len(stiff.loops) == 12 and {len(loop.volume_ml) for loop in stiff.loops} == {100}
    odd = {"heart rate": "165 /min", "cardiac output": "6.9 L/min", "mean arterial pressure": "43.4 mmHg"} | {
        "central venous pressure": "14.2 mmHg",
        "pulmonary capillary wedge pressure": "47.2 mmHg",
        "mean pulmonary artery pressure": "47.3 mmHg",
        "left ventricular ejection fraction": "35.4 %",
        "right ventricular ejection fraction": "55 %",
    }
    found = predict_circulation(case(odd))
    assert all(np.isfinite(loop.pressure_mmhg).all() for loop in found.loops)


def test_loops_of_one_heart_for_all_members() -> None:
    found = predict_circulation(case(dict.fromkeys(BEDSIDE)), typical="healthy_adult")
    assert len({loop.stroke_work_mmhg_ml for loop in found.loops if (loop.side, loop.when) == ("left", "before")}) == 1


def test_without_numba_everything_but_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(WITH_NUMBA)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    found = predict_circulation(case())
    assert found.status is CirculationStatus.PREDICTED and len(found.moments) == 3
    assert found.loops == () and found.loops_of == WITHOUT
