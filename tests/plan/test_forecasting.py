"""The forecast inside a plan: which regimen is followed, numbers with their units, and that no dose comes from it."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inotrope.display import plan_sheet, to_text
from inotrope.drug import load_drug, read_site
from inotrope.errors import LibraryError
from inotrope.patient import Case, read_case
from inotrope.plan import PlanStatus, make_plan, plan_schema, to_plain
from inotrope.plan.decks import read_decks
from inotrope.plan.forecast_record import LevelForecast, ModelLevels
from inotrope.units import Quantity, plain_number, round_half_up

Maker = Callable[..., Case]
CASES = Path(__file__).parents[2] / "inotrope" / "library" / "cases"


def shipped(name: str) -> Case:
    return read_case(json.loads((CASES / f"{name}.json").read_text(encoding="utf-8")))


def forecast_of(case: Case, **more: Any) -> LevelForecast:
    found = make_plan(case, **more).forecast
    assert found is not None
    return found


def label(found: LevelForecast) -> ModelLevels:
    return next(item for item in found.models if item.model == "milrinone/label_adult")


def test_the_plan_follows_its_own_load_and_delivered_rate(make_case: Maker) -> None:
    found = forecast_of(make_case())
    # 82 kg: 4.1 mL of 1 mg/mL; 9.2 mL/h of 200 mcg/mL is 9.2 x 200 / 82 / 60 = 0.37398 mcg/kg/min
    assert found.regimen == "4.1 mg over 10 min; 0.374 mcg/kg/min"
    assert found.supposes.startswith("the load and the rate of this plan")
    assert found.time.unit == "h" and found.time.values == tuple(quarter / 4 for quarter in range(97))
    assert found.draws == 200 and found.first == "milrinone/label_adult"


def test_numbers_carry_units_and_the_curve_is_that_of_the_forecast(make_case: Maker) -> None:
    item = label(forecast_of(make_case()))
    assert item.curve is not None and item.curve.intervals is not None and item.steady is not None
    assert item.now is not None and item.now.typical.unit == "ng/mL" and item.now.typical.value == 0
    assert item.time_to_90_percent is not None and item.time_to_90_percent.typical.unit == "h"
    assert len(item.curve.typical.values) == 97 and item.curve.intervals.median.unit == "ng/mL"
    lowest, highest = item.curve.intervals.lowest.values, item.curve.intervals.highest.values
    assert all(low <= high for low, high in zip(lowest, highest, strict=True))
    assert {chance.when for chance in item.chances} == {"at 24 h", "in the end"}
    for chance in item.chances:
        assert 99 <= chance.below.value + chance.within.value + chance.above.value <= 101


def test_the_dose_is_the_same_with_and_without_a_forecast(make_case: Maker) -> None:
    case = make_case()
    plan, without = make_plan(case), make_plan(case, forecast=False)
    assert without.forecast is None
    assert replace(plan, forecast=None, sources=()) == replace(without, sources=())


def test_an_infusion_that_runs_is_followed_and_not_the_start_of_a_text() -> None:
    found = forecast_of(shipped("running-since-yesterday"))
    assert found.supposes == "what runs goes on unchanged" and found.regimen == "0.5 mcg/kg/min"
    item = label(found)
    assert item.now is not None and item.now.typical.value > 100


def test_a_stop_without_anything_given_has_no_forecast_and_no_dose_in_it(make_case: Maker) -> None:
    plan = make_plan(make_case(allergies=["milrinone"], administrations=[]))
    assert plan.status is PlanStatus.STOPPED and plan.forecast is None


def test_a_stop_after_something_was_given_follows_what_is_left(make_case: Maker) -> None:
    given = [{"of": "milrinone", "start": "2026-11-22T04:00:00+01:00", "dose": "50 mcg/kg", "duration": "10 min"}]
    found = forecast_of(make_case(allergies=["milrinone"], administrations=given))
    assert found.supposes == "nothing more is given" and found.regimen == "" and found.highest_steady is None


def test_a_load_by_rate_is_followed_as_a_rate() -> None:
    found = forecast_of(shipped("preterm-baby"))
    assert found.regimen == "0.75 mcg/kg/min for 3 h; 0.2 mcg/kg/min"
    assert found.supposes.startswith("the load and the rate")


def test_the_rate_ends_with_its_entry() -> None:
    # Paradisis 2007 ends at 18 h of age, and 3 h of its load by rate come before
    bases, _ = read_decks(load_drug("milrinone"))
    case = read_case(copy.deepcopy(dict(bases["first-day"])), name="first-day")
    left = round_half_up(18 - case.postnatal_age.in_unit("h"), 2)
    assert forecast_of(case).regimen == f"0.75 mcg/kg/min for 3 h; 0.2 mcg/kg/min for {plain_number(left - 3)} h"


def test_a_plan_without_a_load_says_so() -> None:
    found = forecast_of(shipped("bridge-to-transplant"))
    assert found.supposes == "the rate of this plan from now on, without a load, and no step upward"


def test_a_load_with_open_questions_says_that_they_are_taken_as_settled(make_case: Maker) -> None:
    found = forecast_of(make_case(administrations=None))
    assert "as if all that speaks for it were settled" in found.supposes
    assert any("does not say what was given" in says for says in found.says)


def test_models_that_refuse_and_levels_without_a_curve_are_whole_in_the_json(make_case: Maker) -> None:
    plan: Any = json.loads(json.dumps(to_plain(make_plan(make_case()))))
    jsonschema.Draft202012Validator(plan_schema()).validate(plan)
    models = {item["model"]: item for item in plan["forecast"]["models"]}
    assert "Children" in models["milrinone/bailey_2004"]["refused"] and models["milrinone/bailey_2004"]["curve"] is None
    cox = models["milrinone/cox_2013"]
    assert cox["curve"] is None and cox["steady"]["typical"]["unit"] == "ng/mL" and cox["steady"]["median"] is None
    assert cox["printed_deviation"]["unit"] == "ng/mL"
    assert plan["forecast"]["highest_steady"]["model"] == "milrinone/butterworth_1995"


def test_every_source_of_a_model_that_answers_is_listed(make_case: Maker) -> None:
    plan = make_plan(make_case())
    assert plan.forecast is not None
    listed = {(source.id, source.place) for source in plan.sources}
    for item in plan.forecast.models:
        assert item.refused or {(source.id, source.place) for source in item.sources} <= listed
    assert ("paradisis-2007", "target of the regimen") in listed


def test_a_folder_of_ones_own_brings_its_own_models(make_case: Maker, tmp_path: Path) -> None:
    folder = tmp_path / "milrinone"
    shutil.copytree(load_drug("milrinone").folder, folder)
    for path in (folder / "models").glob("*.toml"):
        if path.stem != "prielipp_1996":
            path.unlink()
    found = forecast_of(make_case(), drug=load_drug(folder))
    assert [item.model for item in found.models] == ["milrinone/prielipp_1996"]


@pytest.mark.parametrize("assumed", ["40", "20"])
def test_an_assumed_kidney_is_that_of_the_forecast(make_case: Maker, assumed: str) -> None:
    kidney = Quantity(Decimal(assumed), "mL/min/1.73 m2")
    less = label(forecast_of(make_case(), assume_kidney=kidney))
    own = label(forecast_of(make_case()))
    assert less.steady is not None and own.steady is not None and less.steady.typical > own.steady.typical


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (ValueError("a\n b"), "ValueError: a b"),
        (
            LibraryError("Key 'x' is not known.", where="levels.toml, line 3"),
            "Key 'x' is not known; levels.toml, line 3",
        ),
        (ImportError("No module named 'numpy'"), "ImportError: No module named 'numpy'"),
    ],
)
def test_a_forecast_that_fails_withholds_nothing_else_and_says_so(
    make_case: Maker, monkeypatch: pytest.MonkeyPatch, problem: Exception, says: str
) -> None:
    case = make_case()
    without = make_plan(case, forecast=False)

    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr("inotrope.plan.forecasting.forecast", fail)
    plan = make_plan(case)
    assert replace(plan, forecast=None) == without
    assert plan.forecast is not None
    (refusal,) = plan.forecast.refusals
    assert refusal.id == "forecast-failed" and says in refusal.says and "Report it." in refusal.says
    jsonschema.Draft202012Validator(plan_schema()).validate(json.loads(json.dumps(to_plain(plan))))
    text = " ".join(to_text(plan_sheet(plan)).split())
    assert "No level is forecast: the forecast failed" in text and "9.2 mL/h" in text


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.json")))
def test_no_forecast_of_a_shipped_case_fails(name: str) -> None:
    found = make_plan(shipped(name)).forecast
    assert found is None or all(refusal.id != "forecast-failed" for refusal in found.refusals)


def test_a_folder_whose_ranges_are_not_sound_still_gives_its_plan(make_case: Maker, tmp_path: Path) -> None:
    folder = tmp_path / "milrinone"
    shutil.copytree(load_drug("milrinone").folder, folder)
    levels = folder / "levels.toml"
    levels.write_text(levels.read_text(encoding="utf-8").replace('"300 ng/mL"', '"300"'), encoding="utf-8")
    plan = make_plan(make_case(), drug=load_drug(folder))
    assert plan.status is PlanStatus.PLAN and plan.forecast is not None
    assert "levels.toml, line" in plan.forecast.refusals[0].says


@pytest.mark.parametrize(
    ("written", "ends"),
    [('low = "150 ng/mL"\nhigh = "250 ng/mL"', (150, 250)), ('high = "0.2 mcg/mL"', (100, 200)), ("", None)],
)
def test_a_hospitals_own_band_comes_first(
    make_case: Maker, tmp_path: Path, written: str, ends: tuple[int, int] | None
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"[band]\n{written}\n" if written else "[load]\ngiven = true\n", encoding="utf-8")
    found = forecast_of(make_case(), site=read_site(path))
    library = [band.id for band in forecast_of(make_case()).bands]
    assert [band.id for band in found.bands] == (["this-site", *library] if ends else library)
    if ends is None:
        return
    band = found.bands[0]
    assert (band.low.in_unit("ng/mL"), band.high.in_unit("ng/mL")) == ends
    assert "site" in {source.id for source in band.sources}
    assert {chance.band for chance in label(found).chances} == {"this-site", *library}
    text = " ".join(to_text(plan_sheet(make_plan(make_case(), site=read_site(path)))).split())
    assert "the ends of the this site's band" not in text and "this site's band" in text and "(this site)" in text


def test_a_preterm_infant_is_refused_by_the_models_of_children_after_surgery() -> None:
    """For an infant born at 27 weeks the one study of preterm infants, and not the line for children after surgery."""
    found = forecast_of(shipped("preterm-baby"))
    standings = {model.model: model.standing for model in found.models if model.curve is not None}
    assert standings == {"milrinone/paradisis_2007": "extrapolation"}
    refusals = {model.model: model.refused for model in found.models if model.refused}
    for name in ("bailey_2004", "bailey_1999", "ramamoorthy_1998"):
        assert "No preterm infant is known to have been studied" in str(refusals[f"milrinone/{name}"])
    assert found.first == "milrinone/paradisis_2007"
    assert found.highest_steady is not None and found.highest_steady.model == found.first
