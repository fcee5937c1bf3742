"""A prepared plan: the same plan, the same answers as `--what-if`, and asked often without being changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest

from inotrope.errors import InotropeError, RequestError
from inotrope.patient import Case, read_case
from inotrope.plan import make_plan, prepare_plan, to_plain
from inotrope.plan.schemas import what_if_schema
from inotrope.plan.supposing import prepared as module
from inotrope.plan.supposing.prepared import rates_of
from inotrope.plan.supposing.record import LevelsThen, Supposition

Maker = Callable[..., Case]
CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))
LABEL = "milrinone/label_adult"
CHANGES = ("rate 0.5 mcg/kg/min after 2 h", "pause 2 h", "kidney 30 mL/min/1.73 m2 at 14:00")


def of(found: Supposition, model: str = LABEL) -> LevelsThen:
    return next(item for item in found.models if item.model == model)


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_is_that_of_make_plan_and_a_change_what_its_forecast_tells(name: str) -> None:
    case = read_case(CASES / f"{name}.json")
    prepared, plan = prepare_plan(case), make_plan(case, what_if=CHANGES)
    told = () if plan.forecast is None else plan.forecast.what_if
    bare = to_plain(plan)
    if plan.forecast is not None:
        bare["forecast"]["what_if"] = []
    assert to_plain(prepared.plan) == bare
    for text, change in zip(CHANGES, told, strict=False):
        assert prepared.what_if(text).change == change
    if plan.forecast is None:
        with pytest.raises(RequestError, match="no forecast"):
            prepared.what_if("pause 2 h")


def test_a_question_changes_nothing_of_the_next_also_at_once(make_case: Maker) -> None:
    prepared = prepare_plan(make_case())
    alone = {text: to_plain(prepare_plan(make_case()).what_if(text)) for text in CHANGES}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(prepared.what_if, CHANGES * 3))
    for text, item in zip(CHANGES * 3, found, strict=True):
        assert to_plain(item) == alone[text]


ENDS = ("lowest", "lower", "median", "upper", "highest")


def ends_of(curve: object, end: str) -> list[float]:
    return list(getattr(curve.intervals, end).values)  # type: ignore[attr-defined]


def test_the_same_draws_stand_before_and_after_a_change_of_the_rate(make_case: Maker) -> None:
    """Whoever supposes the rate of the plan sees the levels of the plan, at every end of every interval."""
    prepared = prepare_plan(make_case())
    assert prepared.rates is not None and prepared.rates.now is not None
    found = of(prepared.what_if(f"rate {prepared.rates.now}"))
    for end in ENDS:  # each is told to a tenth
        assert ends_of(found.curve, end) == pytest.approx(ends_of(found.before, end), abs=0.11)


def test_levels_go_with_the_rate_after_the_load(make_case: Maker) -> None:
    """The kinetics are linear: what each 0.25 mcg/kg/min adds to the typical patient is the same. A load is in all."""
    prepared = prepare_plan(make_case())
    low, middle, high = (of(prepared.what_if(f"rate {rate} mcg/kg/min")) for rate in ("0.25", "0.5", "0.75"))
    assert low.curve is not None and middle.curve is not None and high.curve is not None
    levels = zip(low.curve.typical.values, middle.curve.typical.values, high.curve.typical.values, strict=True)
    for one, two, three in levels:
        assert three - two == pytest.approx(two - one, abs=0.21)
    for end in ENDS:
        ends = zip(*(ends_of(item.curve, end)[1:] for item in (low, middle, high)), strict=True)
        assert all(one < two < three for one, two, three in ends)


def test_the_chances_follow_the_rate(make_case: Maker) -> None:
    prepared = prepare_plan(make_case())
    low, high = (of(prepared.what_if(f"rate {rate} mcg/kg/min")) for rate in ("0.2", "0.7"))
    assert low.chances_before == high.chances_before
    for less, own, more in zip(low.chances, low.chances_before, high.chances, strict=True):
        assert (less.band, less.when) == (more.band, more.when)
        assert less.above.value <= own.above.value <= more.above.value
        assert less.below.value >= own.below.value >= more.below.value
    assert low.leaves_before and {item.side for item in low.leaves} == {"above", "below"}


def test_a_model_that_does_not_know_the_kidneys_says_so_and_has_no_curve_then(make_case: Maker) -> None:
    found = prepare_plan(make_case()).what_if("kidney 30 mL/min/1.73 m2")
    blind = of(found, "milrinone/prielipp_1996")
    assert blind.before is not None and blind.curve is None and blind.chances == ()
    assert "does not know the kidneys" in blind.refused
    assert found.exit_code == 0


def test_the_rates_end_at_what_the_plan_allows_and_begin_with_what_is_given(make_case: Maker) -> None:
    rates = prepare_plan(make_case()).rates
    assert rates is not None and str(rates.highest) == "0.75 mcg/kg/min" and str(rates.lowest) == "0.005 mcg/kg/min"
    # 82 kg and 200 mcg/mL: 0.375 mcg/kg/min are 9.225 mL/h, and 9.2 of them 9.2 x 200 / 60 / 82 mcg/kg/min
    assert float(rates.now.value) == pytest.approx(9.2 * 200 / 60 / 82, abs=1e-6)
    running = prepare_plan(read_case(CASES / "running-since-yesterday.json")).rates
    assert running is not None and str(running.now) == "0.5 mcg/kg/min"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("sound-adult", "the rate after the load, which is given whole"),
        ("bridge-to-transplant", "the rate of this plan"),
        ("running-since-yesterday", "the rate that runs"),
        ("preterm-baby", "the rate after the first 3 h, which stay at 0.75 mcg/kg/min"),
    ],
)
def test_the_rate_that_is_moved_has_its_place_in_the_course(name: str, says: str) -> None:
    rates = rates_of(make_plan(read_case(CASES / f"{name}.json")))
    assert rates is not None and rates.moves == says


@pytest.mark.parametrize("name", ["severe-aortic-stenosis", "dialysis", "no-creatinine"])
def test_without_a_rate_there_are_none_to_look_over(name: str) -> None:
    assert prepare_plan(read_case(CASES / f"{name}.json")).rates is None


def test_no_other_rate_is_supposed_under_a_stop_and_that_is_an_answer() -> None:
    case = json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8"))
    prepared = prepare_plan(read_case({**case, "allergies": ["milrinone"]}))
    found = prepared.what_if("rate 0.3 mcg/kg/min")
    assert found.change.refused.startswith("This plan proposes no rate")
    assert found.models == () and found.exit_code == 4 and prepared.rates is None
    assert prepared.what_if("pause 2 h").models


@pytest.mark.parametrize("text", ["rate 5 mL/h", "stop", "pause 2 h after 25 h", "kidney 30"])
def test_what_cannot_be_read_is_an_error(make_case: Maker, text: str) -> None:
    with pytest.raises(InotropeError):
        prepare_plan(make_case()).what_if(text)


def test_a_forecast_that_fails_withholds_the_question_and_not_the_plan(
    make_case: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise ZeroDivisionError("no volume")

    monkeypatch.setattr(module, "foresee", fails)
    prepared = prepare_plan(make_case())
    assert prepared.plan.maintenance is not None and prepared.rates is None
    with pytest.raises(RequestError, match="the forecast failed"):
        prepared.what_if("pause 2 h")


def test_what_is_told_keeps_to_its_schema(make_case: Maker) -> None:
    validator = jsonschema.Draft202012Validator(what_if_schema())
    prepared = prepare_plan(make_case())
    for text in (*CHANGES, "rate 0.8 mcg/kg/min"):
        validator.validate(json.loads(json.dumps(to_plain(prepared.what_if(text)))))
