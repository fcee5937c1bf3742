"""What was given: pieces of constant rate, windows of 24 h, unbroken runs, contradictions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.dosing import Ahead, History, Piece, history, room, worst_total
from inotrope.findings import Truth
from inotrope.units import Quantity
from tests.dosing.adult import ago, bolus, case, infusion, quantity


def past(*administrations: dict[str, str], **changes: str) -> History:
    return history(case(administrations=list(administrations), **changes), drug="milrinone")


def test_nothing_recorded_is_unknown() -> None:
    found = history(case(administrations=None), drug="milrinone")
    assert not found.recorded
    assert (found.running, found.given_before) == (Truth.UNKNOWN, Truth.UNKNOWN)
    assert (found.pieces, found.running_rate, found.running_for) == ((), None, None)
    assert found.worst_24_h == quantity("0 mg/kg")


def test_nothing_given_is_known() -> None:
    found = past({"of": "norepinephrine", "start": ago("3"), "rate": "0.05 mcg/kg/min"})
    assert found.recorded
    assert (found.running, found.given_before) == (Truth.ABSENT, Truth.ABSENT)


def test_a_bolus_and_a_running_infusion() -> None:
    found = past(infusion("12", "0.5 mcg/kg/min"), bolus("12.5", "50 mcg/kg"))
    assert (found.running, found.given_before, found.conflict) == (Truth.PRESENT, Truth.PRESENT, None)
    assert found.running_rate == quantity("0.5 mcg/kg/min")
    assert found.running_for == quantity("12 h")
    # 50 mcg/kg + 12 h x 30 mcg/kg/h = 410 mcg/kg
    assert found.worst_24_h == quantity("0.41 mg/kg")
    assert found.given(Decimal(-1), Decimal(0)) == 30
    assert [piece.start_h for piece in found.pieces] == [Decimal("-12.5"), Decimal(-12)]


def test_amounts_that_are_not_per_weight_are_divided_by_the_actual_weight() -> None:
    # 4.1 mg for 82 kg is 50 mcg/kg; 41 mcg/min is 0.5 mcg/kg/min.
    found = past(bolus("13", "4.1 mg"), infusion("12", "41 mcg/min"))
    assert found.worst_24_h == quantity("0.41 mg/kg")
    assert found.running_rate == quantity("0.5 mcg/kg/min")


def test_each_infusion_ends_where_the_next_begins() -> None:
    found = past(infusion("10", "0.5 mcg/kg/min"), infusion("4", "0.375 mcg/kg/min"))
    # 6 h x 30 + 4 h x 22.5 = 270 mcg/kg
    assert found.worst_24_h == quantity("0.27 mg/kg")
    assert found.running_for == quantity("10 h")


def test_a_rate_of_zero_is_a_pause() -> None:
    found = past(infusion("10", "0.5 mcg/kg/min"), infusion("4", "0 mcg/kg/min"))
    assert (found.running, found.given_before) == (Truth.ABSENT, Truth.PRESENT)
    assert found.worst_24_h == quantity("0.18 mg/kg")


def test_an_infusion_that_ended_does_not_run() -> None:
    found = past(infusion("10", "0.5 mcg/kg/min", duration="6 h"))
    assert (found.running, found.running_rate) == (Truth.ABSENT, None)
    assert found.worst_24_h == quantity("0.18 mg/kg")


def test_a_planned_end_ahead_runs_now_and_its_future_is_no_history() -> None:
    found = past(infusion("2", "0.5 mcg/kg/min", duration="10 h"))
    assert found.running is Truth.PRESENT
    assert found.worst_24_h == quantity("0.06 mg/kg")


def test_an_infusion_that_starts_now_runs_and_has_given_nothing() -> None:
    found = past(infusion("0", "0.5 mcg/kg/min"))
    assert (found.running, found.given_before) == (Truth.PRESENT, Truth.PRESENT)
    assert (found.pieces, found.running_for) == ((), quantity("0 h"))


@pytest.mark.parametrize(("gap", "hours"), [("24", "58"), ("24.1", "10")])
def test_a_gap_of_more_than_24_h_breaks_a_run(gap: str, hours: str) -> None:
    start = Decimal(10) + Decimal(gap) + 24
    found = past(infusion(str(start), "0.5 mcg/kg/min", duration="24 h"), infusion("10", "0.5 mcg/kg/min"))
    assert found.running_for == quantity(f"{hours} h")


def test_the_worst_window_may_have_ended_before_now() -> None:
    # 20 h at 45 mcg/kg/h until 10 h ago, then nothing: the window that ended 10 h ago holds all 900 mcg/kg, and so do
    # those up to 6 h ago; the one that ends now only 14 h of them.
    found = past(infusion("30", "0.75 mcg/kg/min", duration="20 h"))
    assert found.worst_24_h == quantity("0.9 mg/kg")
    assert found.given(Decimal(-24), Decimal(0)) == 630


def test_a_window_that_ended_more_than_a_day_ago_does_not_count() -> None:
    # 48 h at 45 mcg/kg/h until 30 h ago: a window that ends in the last 24 h begins at most 48 h ago and holds at most
    # 18 h of it, 810 mcg/kg; earlier windows held 1,080.
    found = past(infusion("78", "0.75 mcg/kg/min", duration="48 h"))
    assert found.worst_24_h == quantity("0.81 mg/kg")


def test_what_is_exactly_the_cap_is_not_a_hair_above_it() -> None:
    # The label's own load and maximum rate side by side: 50 + 24 x 45 = 1,130 mcg/kg; 10 min are no finite decimal.
    found = past(bolus("24", "50 mcg/kg"), infusion("24", "0.75 mcg/kg/min"))
    assert found.worst_24_h == quantity("1.13 mg/kg")


def test_an_absurd_amount_is_counted_and_does_not_break() -> None:
    assert past(infusion("24", "1000000000000 mg/kg/h")).worst_24_h == Quantity(Decimal("24e12"), "mg/kg")


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        (
            [infusion("10", "0.5 mcg/kg/min", duration="6 h"), infusion("5", "0.5 mcg/kg/min")],
            "the next starts before that",
        ),
        ([infusion("5", "0.5 mcg/kg/min"), infusion("5", "0.4 mcg/kg/min")], "start at the same moment"),
        ([bolus("5", "50 mcg/kg", "30 min"), bolus("4.9", "50 mcg/kg")], "the next starts before that"),
        # A pause of what? Taken for "nothing was given", the patient would get the load.
        ([infusion("2", "0 mcg/kg/min")], "nothing is written that was given before it"),
        ([infusion("2", "0 mcg/kg/min"), bolus("1", "50 mcg/kg")], "nothing is written that was given before it"),
        ([infusion("2", "0 mcg/min"), infusion("1", "0.5 mcg/kg/min")], "nothing is written that was given before it"),
        # A pause of one hour, two hours ago: what runs since?
        (
            [infusion("12", "0.5 mcg/kg/min"), infusion("3", "0 mcg/kg/min", end=ago("2"))],
            "nothing is written that runs since",
        ),
        (
            [infusion("12", "0.5 mcg/kg/min"), infusion("3", "0 mcg/kg/min", end=ago("0"))],
            "nothing is written that runs since",
        ),
    ],
)
@pytest.mark.hazard("interrupted-infusion")
def test_a_record_that_contradicts_itself(given_: list[dict[str, str]], says: str) -> None:
    assert says in (past(*given_).conflict or "")


def test_a_pause_of_something_is_no_contradiction() -> None:
    ran = infusion("12", "0.5 mcg/kg/min")
    assert past(ran, infusion("3", "0 mcg/kg/min")).conflict is None
    assert past(bolus("3", "50 mcg/kg"), infusion("2", "0 mcg/kg/min")).conflict is None
    # planned to end in an hour: it pauses now
    assert past(ran, infusion("3", "0 mcg/kg/min", end=ago("-1"))).conflict is None
    assert past(ran, infusion("3", "0 mcg/kg/min", end=ago("2")), infusion("2", "0.5 mcg/kg/min")).conflict is None


def test_a_bolus_beside_an_infusion_is_no_contradiction() -> None:
    assert past(infusion("5", "0.5 mcg/kg/min"), bolus("5", "50 mcg/kg")).conflict is None


# --- the closed form against brute force -----------------------------------------------------------------------------

quarters = st.integers(0, 4 * 60)
pieces = st.lists(
    st.tuples(quarters, st.integers(1, 4 * 30), st.integers(0, 900)).map(
        lambda item: Piece(Decimal(-item[0] - item[1]) / 4, Decimal(-item[0]) / 4, Decimal(item[2]) / 10)
    ),
    max_size=5,
)


def as_history(found: list[Piece]) -> History:
    nothing = Truth.ABSENT
    none = quantity("0 mg/kg")
    return History(
        tuple(found), (), True, True, nothing, nothing, None, None, None, None, None, none, None, None, none, None
    )


def brute(found: list[Piece], load: Fraction, per_h: Fraction) -> Fraction:
    """Return the largest amount of all windows that end every quarter of an hour up to 24 h from now."""

    def before(start: Fraction) -> Fraction:
        parts = (
            max(min(Fraction(piece.end_h), Fraction(0)) - max(Fraction(piece.start_h), start), Fraction(0))
            * Fraction(piece.rate_mcg_per_kg_h)
            for piece in found
        )
        return sum(parts, Fraction(0))

    return max(before(Fraction(end, 4) - 24) + load + per_h * Fraction(end, 4) for end in range(97))


@given(found=pieces, load=st.sampled_from([0, 50]), rate=st.integers(0, 900))
@settings(max_examples=300)
def test_the_worst_window_ahead(found: list[Piece], load: int, rate: int) -> None:
    per_min = Decimal(rate) / 1000
    total = worst_total(Quantity(per_min, "mcg/kg/min"), as_history(found), Ahead(Decimal(load)))
    assert abs(Fraction(total.in_unit("mcg/kg")) - brute(found, Fraction(load), Fraction(per_min) * 60)) < Fraction(
        1, 10**9
    )


@given(found=pieces, load=st.sampled_from([0, 50]))
@settings(max_examples=300)
def test_the_room_that_is_left_fills_the_worst_window_and_no_more(found: list[Piece], load: int) -> None:
    cap = Fraction(1130)
    left = room(Decimal(1130), past=as_history(found), load_mcg_per_kg=Decimal(load))
    hair = Fraction(1, 10**9)
    assert left >= 0
    filled = brute(found, Fraction(load), Fraction(left) * 60)
    if left > 0:
        assert cap - hair <= filled <= cap + hair
    else:
        assert brute(found, Fraction(load), Fraction(0)) >= cap - hair


def test_the_largest_dose_of_the_last_day() -> None:
    """8.2 mg / 82 kg = 100 mcg/kg; the 300 mcg/kg ended more than a day ago."""
    old = bolus("30", "300 mcg/kg")
    assert past(old, bolus("10", "8.2 mg"), bolus("9", "50 mcg/kg")).largest_dose == quantity("100 mcg/kg")
    assert past(old).largest_dose is None
    assert past().largest_dose is None


def test_a_dose_still_going_in_counts_whole_and_runs() -> None:
    """1,000 mcg/kg over 10 h that began 1 min ago: all of it lies in a window that ends in 10 h."""
    going = past(bolus("0.0166666666666667", "1000 mcg/kg", "10 h"))
    assert going.running is Truth.PRESENT
    assert going.running_rate is None
    assert worst_total(quantity("0 mcg/kg/min"), going, Ahead()).in_unit("mg/kg") == Decimal(1)
    # 130 mcg/kg are left for 24 h from now: 130 / 24 / 60 = 0.0903 mcg/kg/min
    left = room(Decimal(1130), past=going, load_mcg_per_kg=Decimal(0))
    assert abs(left - Decimal("0.0903")) < Decimal("0.0001")


def test_a_dose_longer_than_a_day_fills_windows_that_end_later() -> None:
    """2,400 mcg/kg over 48 h is 50 mcg/kg/h: 1,200 mcg/kg in any full day, more than the cap: no room."""
    long = past(bolus("0", "2400 mcg/kg", "48 h"))
    assert worst_total(quantity("0 mcg/kg/min"), long, Ahead()).in_unit("mg/kg") == Decimal("1.2")
    assert room(Decimal(1130), past=long, load_mcg_per_kg=Decimal(0)) == 0


# --- pauses and changes of rate


def test_a_pause_is_the_time_since_the_last_flow_and_remembers_its_rate() -> None:
    found = past(infusion("10", "0.5 mcg/kg/min"), infusion("3", "0 mcg/kg/min"))
    assert found.paused is not None
    assert (found.paused.since, found.paused.last_rate) == (quantity("3 h"), quantity("0.5 mcg/kg/min"))
    assert (found.unchanged_for, found.flowing_for) == (None, None)
    ended = past(infusion("10", "0.375 mcg/kg/min", end=ago("4")))
    assert ended.paused is not None
    assert (ended.paused.since, ended.paused.last_rate) == (quantity("4 h"), quantity("0.375 mcg/kg/min"))


def test_what_runs_or_never_ran_is_no_pause() -> None:
    assert past(infusion("10", "0.5 mcg/kg/min")).paused is None
    assert past(bolus("10", "50 mcg/kg")).paused is None
    assert past(infusion("3", "0 mcg/kg/min")).paused is None


def test_the_rate_is_unchanged_since_its_last_change_and_flows_since_the_last_gap() -> None:
    found = past(infusion("10", "0.375 mcg/kg/min"), infusion("4", "0.5 mcg/kg/min"), infusion("1", "0.5 mcg/kg/min"))
    # the entry of one hour ago says the same rate again: a new bag, not a change
    assert (found.unchanged_for, found.flowing_for, found.running_for) == (
        quantity("4 h"),
        quantity("10 h"),
        quantity("10 h"),
    )
    resumed = past(infusion("10", "0.5 mcg/kg/min"), infusion("4", "0 mcg/kg/min"), infusion("1", "0.5 mcg/kg/min"))
    assert (resumed.unchanged_for, resumed.flowing_for) == (quantity("1 h"), quantity("1 h"))
    gap = past(infusion("10", "0.5 mcg/kg/min", end=ago("4")), infusion("1", "0.5 mcg/kg/min"))
    assert (gap.unchanged_for, gap.flowing_for, gap.running_for) == (quantity("1 h"), quantity("1 h"), quantity("10 h"))


def test_what_was_given_in_24_h_is_that_window_and_no_worse_one() -> None:
    # 50 mcg/kg 30 h ago is outside; 24 h x 0.5 mcg/kg/min = 720 mcg/kg
    found = past(bolus("30", "50 mcg/kg"), infusion("29", "0.5 mcg/kg/min"))
    assert found.in_24_h == quantity("0.72 mg/kg")
    assert past().in_24_h == quantity("0 mg/kg")


def test_a_bolus_from_the_vial_is_not_taken_from_the_bag() -> None:
    found = past(bolus("13", "50 mcg/kg"), infusion("12", "0.5 mcg/kg/min"))
    assert (len(found.pieces), [piece.start_h for piece in found.infused]) == (2, [Decimal(-12)])


@pytest.mark.parametrize(
    ("given", "recorded", "running", "before"),
    [
        ([], False, Truth.UNKNOWN, Truth.UNKNOWN),
        ([{"of": "norepinephrine", "start": ago(1), "rate": "0.1 mcg/kg/min"}], False, Truth.UNKNOWN, Truth.UNKNOWN),
        ([{"of": "milrinone", "start": ago(1), "rate": "0.5 mcg/kg/min"}], True, Truth.PRESENT, Truth.PRESENT),
        ([{"of": "milrinone", "start": ago(1), "rate": "0 mcg/kg/min"}], True, Truth.ABSENT, Truth.UNKNOWN),
        (
            [{"of": "milrinone", "start": ago(1), "duration": "10 min", "dose": "50 mcg/kg"}],
            True,
            Truth.UNKNOWN,  # an infusion may have followed it
            Truth.PRESENT,
        ),
    ],
)
def test_of_a_record_that_is_perhaps_not_all_only_what_it_holds_is_known(
    given: list[dict[str, str]], recorded: bool, running: Truth, before: Truth
) -> None:
    found = history(case(administrations=given, incomplete=["administrations"]), drug="milrinone")
    assert (found.complete, found.recorded) == (False, recorded)
    assert (found.running, found.given_before) == (running, before)
