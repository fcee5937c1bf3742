"""What lies ahead of an infusion that runs: steps, weaning, the cap, the times, the bag. Worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.dosing import (
    bag_ahead,
    cap_reached_at,
    ceiling,
    emptying,
    history,
    level_after_change,
    printed_rates,
    step_down,
    step_up,
    time_limit,
    to_pump,
    watch_after_stop,
    weaning,
)
from inotrope.drug import Entry
from inotrope.patient import Case
from inotrope.units import Quantity, hours_between
from tests.dosing.adult import NOW, ago, bolus, case, infusion, milrinone, quantity

SOUND, IMPAIRED = quantity("90 mL/min/1.73 m2"), quantity("30 mL/min/1.73 m2")
STEP = quantity("0.1 mL/h")


def entry(id_: str = "adult-acute-decompensated-heart-failure") -> Entry:
    return next(item for item in milrinone().entries if item.id == id_)


def asked(patient: Case, *, kidney: Quantity = SOUND, of: Entry | None = None):
    """Return everything that a step asks for."""
    serves, past = of or entry(), history(patient, drug="milrinone")
    limits = ceiling(serves, clearance=kidney, past=past, load_mcg_per_kg=Decimal(0))
    return (patient, milrinone(), serves), {"past": past, "limits": limits, "step": STEP}


def running(rate: str, hours: str = "5", **more) -> Case:
    return case(administrations=[infusion(hours, rate)], **more)


def hours(moment) -> Decimal:
    return round(hours_between(NOW, moment), 6)


def test_the_printed_rates_of_the_label_and_of_the_guideline() -> None:
    assert printed_rates(entry()) == tuple(quantity(f"{rate} mcg/kg/min") for rate in ("0.375", "0.5", "0.75"))
    bridge = printed_rates(entry("adult-bridge-to-transplant"))
    assert bridge == tuple(quantity(f"{rate} mcg/kg/min") for rate in ("0.125", "0.25", "0.375", "0.5", "0.75"))


def test_the_next_step_up_is_the_next_printed_rate_now() -> None:
    place, more = asked(running("0.375 mcg/kg/min"))
    step = step_up(*place, **more)
    assert step is not None
    assert (step.rate, hours(step.not_before)) == (quantity("0.5 mcg/kg/min"), 0)
    assert step.pump is not None
    assert step.pump.rate == quantity("12.3 mL/h")  # 0.5 x 82 kg x 60 / 200


def test_a_step_up_waits_until_the_last_change_has_been_seen() -> None:
    changed = case(administrations=[infusion("5", "0.375 mcg/kg/min"), infusion("0.25", "0.5 mcg/kg/min")])
    place, more = asked(changed)
    step = step_up(*place, **more)
    assert step is not None
    assert (step.rate, hours(step.not_before)) == (quantity("0.75 mcg/kg/min"), Decimal("0.25"))  # 30 min - 15 min


def test_no_step_up_from_the_maximum_and_the_ceiling_itself_where_it_cuts() -> None:
    place, more = asked(running("0.75 mcg/kg/min"))
    assert step_up(*place, **more) is None
    place, more = asked(running("0.3 mcg/kg/min"), kidney=IMPAIRED)
    step = step_up(*place, **more)
    assert step is not None
    assert step.rate == quantity("0.33 mcg/kg/min")  # the renal table at 30
    place, more = asked(running("0.33 mcg/kg/min"), kidney=IMPAIRED)
    assert step_up(*place, **more) is None


@pytest.mark.parametrize(
    ("rate", "kidney", "expected", "says"),
    [
        ("0.75", SOUND, "0.5", "the next printed step"),
        ("0.6", SOUND, "0.5", "the next printed step"),
        ("0.375", SOUND, "0", "stop: no lower rate is printed"),
        ("0.2", SOUND, "0", "stop: no lower rate is printed"),
        ("0.5", IMPAIRED, "0.33", "down to what is allowed for this patient now"),
        ("0.9", SOUND, "0.75", "down to what is allowed for this patient now"),
    ],
)
def test_the_next_step_down_is_always_open(rate, kidney, expected, says) -> None:
    place, more = asked(running(f"{rate} mcg/kg/min", "0.1"), kidney=kidney)
    step = step_down(*place, **more)
    assert (step.rate, hours(step.not_before)) == (quantity(f"{expected} mcg/kg/min"), 0)
    assert step.says.startswith(says)
    assert (step.pump is None) is (expected == "0")


def test_without_a_concentration_a_step_has_no_pump_rate() -> None:
    place, more = asked(running("0.75 mcg/kg/min", preparation=None))
    assert step_down(*place, **more).pump is None


def test_weaning_goes_down_the_printed_steps_each_after_four_half_lives() -> None:
    place, more = asked(running("0.75 mcg/kg/min"))
    steps = weaning(*place, **more)
    assert [item.rate for item in steps] == [quantity(f"{rate} mcg/kg/min") for rate in ("0.5", "0.375", "0")]
    assert [hours(item.not_before) for item in steps] == [0, Decimal("9.6"), Decimal("19.2")]  # 4 x 2.4 h
    place, more = asked(running("0.5 mcg/kg/min"), kidney=IMPAIRED)
    assert [item.rate.value for item in weaning(*place, **more)] == [0]


def test_the_cap_is_reached_where_the_fullest_window_ahead_holds_it() -> None:
    # 0.8 mcg/kg/min = 48 mcg/kg/h; 5 h gave 240; (1,130 - 240) / 48 = 18.541667 h; nothing leaves the window before.
    past = history(running("0.8 mcg/kg/min"), drug="milrinone")
    reached = cap_reached_at(running("0.8 mcg/kg/min"), entry(), past)
    assert reached is not None
    assert hours(reached) == round(Decimal(890) / 48, 6)


def test_the_cap_is_never_reached_at_the_label_s_rate_without_a_load() -> None:
    for rate in ("0.75 mcg/kg/min", "0.375 mcg/kg/min"):
        assert cap_reached_at(running(rate, "30"), entry(), history(running(rate, "30"), drug="milrinone")) is None
    child = entry("child-acute-heart-failure-uk")
    assert (
        cap_reached_at(running("0.75 mcg/kg/min"), child, history(running("0.75 mcg/kg/min"), drug="milrinone")) is None
    )
    assert cap_reached_at(case(), entry(), history(case(), drug="milrinone")) is None


def test_a_cap_that_is_already_crossed_is_reached_now() -> None:
    patient = case(administrations=[bolus("6", "1.2 mg/kg"), infusion("5", "0.5 mcg/kg/min")])
    assert cap_reached_at(patient, entry(), history(patient, drug="milrinone")) == patient.now


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 120), st.integers(20, 200), st.integers(0, 1100))
def test_just_before_the_cap_the_window_holds_no_more_and_just_after_it_does(quarters, rate, dose) -> None:
    since = Decimal(quarters) / 4
    patient = case(
        administrations=[
            *([] if dose == 0 else [bolus(str(since + 1), f"{dose} mcg/kg")]),
            infusion(str(since), f"{Decimal(rate) / 100} mcg/kg/min"),
        ]
    )
    past = history(patient, drug="milrinone")
    reached = cap_reached_at(patient, entry(), past)
    per_h = Decimal(rate) * 60 / 100

    def window(end: Decimal) -> Decimal:
        return past.given(end - 24, min(end, Decimal(0))) + per_h * min(end, Decimal(24))

    if reached is None:
        assert all(window(Decimal(minutes) / 60) <= Decimal("1130.000001") for minutes in range(0, 25 * 60, 7))
        return
    at = hours_between(NOW, reached)
    assert at == 0 or window(at) <= Decimal("1130.001")
    assert at == 0 or all(window(at * part / 50) <= Decimal("1130.001") for part in range(51))
    assert window(at + Decimal("0.001")) > Decimal("1129.99")


@pytest.mark.parametrize(
    ("of", "since", "after", "left"),
    [
        ("adult-acute-decompensated-heart-failure", "47", "48 h", 1),
        ("adult-acute-decompensated-heart-failure", "50", "48 h", -2),
        ("adult-acute-decompensated-heart-failure-uk", "50", "120 h", 70),
        ("adult-low-output-after-surgery-uk", "5", "12 h", 7),
        ("child-acute-heart-failure-uk", "30", "35 h", 5),
    ],
)
def test_the_next_limit_of_time_is_named_and_the_last_one_that_was_reached(of, since, after, left) -> None:
    patient = running("0.375 mcg/kg/min", since)
    limit = time_limit(patient, entry(of), history(patient, drug="milrinone"))
    assert limit is not None
    assert (limit.after.in_unit("h"), hours(limit.at)) == (quantity(after).in_unit("h"), left)


def test_where_no_source_gives_a_time_there_is_none() -> None:
    patient = running("0.375 mcg/kg/min")
    assert time_limit(patient, entry("child-septic-shock"), history(patient, drug="milrinone")) is None
    assert time_limit(case(), entry(), history(case(), drug="milrinone")) is None


def test_the_paradisis_regimen_ends_at_an_age_and_not_after_a_time() -> None:
    person = {"born": ago("10"), "sex": "female", "weight": "0.9 kg", "gestational_age": "27 weeks"}
    patient = running("0.2 mcg/kg/min", "4", patient=person)
    limit = time_limit(patient, entry("preterm-first-day-paradisis"), history(patient, drug="milrinone"))
    assert limit is not None
    assert hours(limit.at) == 8  # 18 h of age, and 10 have passed


def bag(**more: str) -> dict[str, str]:
    return {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL", **more}


@pytest.mark.hazard("interrupted-infusion")
def test_the_bag_ends_where_what_ran_since_it_was_hung_leaves_nothing() -> None:
    # 0.5 x 82 x 60 / 200 = 12.3 mL/h; 3 h used 36.9 mL; 63.1 / 12.3 = 5.130081 h
    patient = running("0.5 mcg/kg/min", preparation=bag(hung=ago("3")))
    ahead = bag_ahead(patient, milrinone(), entry(), history(patient, drug="milrinone"))
    assert ahead.left == quantity("63.1 mL")
    assert ahead.empty_at is not None
    assert hours(ahead.empty_at) == round(Decimal("63.1") / Decimal("12.3"), 6)
    assert ahead.discard_at is None


def test_a_vial_s_bolus_and_a_pause_take_nothing_from_the_bag() -> None:
    given_ = [infusion("5", "0.5 mcg/kg/min"), infusion("3", "0 mcg/kg/min"), infusion("1", "0.5 mcg/kg/min")]
    patient = case(administrations=[bolus("2", "50 mcg/kg"), *given_], preparation=bag(hung=ago("5")))
    ahead = bag_ahead(patient, milrinone(), entry(), history(patient, drug="milrinone"))
    assert ahead.left == quantity("63.1 mL")  # 3 h of flow in 5 h


def test_a_bag_that_must_be_empty_is_empty_now_and_a_diluted_one_keeps_72_h() -> None:
    patient = running("0.5 mcg/kg/min", "20", preparation=bag(product="vial", hung=ago("20")))
    ahead = bag_ahead(patient, milrinone(), entry(), history(patient, drug="milrinone"))
    assert (ahead.left, ahead.empty_at) == (quantity("0 mL"), patient.now)
    assert ahead.discard_at is not None
    assert hours(ahead.discard_at) == 52


@pytest.mark.parametrize(
    "preparation",
    [None, bag(), {"product": "vial", "hung": ago("3")}, {"product": "premix", "hung": ago("3")}],
)
def test_where_the_record_does_not_say_nothing_is_said_of_the_bag(preparation) -> None:
    patient = running("0.5 mcg/kg/min", preparation=preparation)
    ahead = bag_ahead(patient, milrinone(), entry(), history(patient, drug="milrinone"))
    assert (ahead.empty_at, ahead.left, ahead.discard_at) == (None, None, None)


def test_five_half_lives_after_the_stop_the_rhythm_is_watched() -> None:
    assert "at least 5 half-lives, 12 h at a half-life of 2.4 h" in watch_after_stop(entry(), cleared=True)
    assert "50 h at a half-life of 10 h" in watch_after_stop(entry("preterm-first-day-paradisis"), cleared=True)


def test_where_the_kidneys_clear_less_no_hours_are_promised() -> None:
    says = watch_after_stop(entry(), cleared=False)
    assert "at least 5 half-lives. How long one is here is not known" in says
    assert "12 h" not in says
    assert "about 20 h on CVVH" in says  # the note of the entry's half-life


def test_where_the_kidneys_clear_less_no_time_of_a_new_level_is_promised() -> None:
    sound = level_after_change(entry(), cleared=True)
    assert "4 half-lives: 10 h at a half-life of 2.4 h, far longer when the kidneys fail" in sound  # 9.6 h
    less = level_after_change(entry(), cleared=False)
    assert (
        "4 half-lives. How long one is here is not known, and longer than the 2.4 h of kidneys that clear it. It was"
        in less
    )
    assert "10 h" not in less
    assert "Wait longer before a step up, and measure a level" in less


def test_weaning_gives_no_time_where_the_kidneys_do_not_clear() -> None:
    place, named = asked(case(administrations=[infusion("5", "0.5 mcg/kg/min")]))
    assert all(step.not_before is not None for step in weaning(*place, **named))
    first, *rest = weaning(*place, **named, cleared=False)
    assert first.says == "as soon as the prescriber decides"
    assert rest
    assert first.not_before is not None
    assert all(step.not_before is None for step in rest)
    assert all("how long that is with these kidneys is not known" in step.says for step in rest)


def test_a_bag_empties_at_what_runs_and_not_at_the_start() -> None:
    # 82 kg, 200 mcg/mL: 0.5 mcg/kg/min is 12.3 mL/h, the start 9.225, set 9.2
    start = to_pump(
        quantity("0.375 mcg/kg/min"),
        weight=quantity("82 kg"),
        concentration=quantity("200 mcg/mL"),
        step=STEP,
        ceiling=None,
    )
    for recorded, flow in (([], "9.2 mL/h"), ([infusion("5", "0.5 mcg/kg/min")], "12.3 mL/h")):
        patient = case(administrations=recorded)
        assert emptying(patient, milrinone(), entry(), history(patient, drug="milrinone"), start) == quantity(flow)
    bare = case(preparation=None)
    assert emptying(bare, milrinone(), entry(), history(bare, drug="milrinone"), None) is None
