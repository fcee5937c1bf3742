"""What a level is worth: two kinds of patients by hand, chance, and the hours that a ward can do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.plan.target.ahead.worth import GROUPS, Anew, gains, halves_of, noise, worth_most
from inotrope.plan.target.curves import Draws
from inotrope.plan.target.record import TargetStatus
from inotrope.plan.target.scoring import Wanted
from tests.plan.fitting.bedside_levels import level
from tests.plan.target.bedside_targets import RISING, case, shipped_case, target

HOURS = np.arange(9) * 3.0
WEIGHTS = np.array([0.5, *[1.0] * 7, 0.5])
WANTED = Wanted(100, 300, 2, HOURS, WEIGHTS)
DRAWS = 2000


def two_kinds(sd: float) -> Anew:
    """Half of the patients have 200 ng/mL for 1 mcg/kg/min, half 800, at once and without a past; 0.4 is named.

    So 0.4 leads to 80 (below, score 0) or to 320 (above). Of 0, 0.2, 0.4 and 0.8 the slow kind wants 0.2 (160), the
    quick kind 0.8 (160), and one rate for both can only be 0.2: half in the range, half below it.
    """
    unit = np.repeat([200.0, 800.0], DRAWS // 2)[:, None] * np.ones((1, HOURS.size - 4))
    true = 0.4 * unit[:, 0]
    measured = true + sd * np.random.default_rng(1).standard_normal(DRAWS)
    return Anew(WANTED, 4, 0.4 * unit, 0.0 * unit, unit, np.array([0.0, 0.2, 0.4, 0.8]), measured)


def test_a_level_that_tells_two_kinds_apart_is_worth_what_both_rates_bring() -> None:
    """From hour 12 on the weights come to 4.5 of 8 steps of 3 h: 13.5 h. Half of 0 and half of -2 was -13.5 h.

    With a level all is in the range, 13.5 h: 27 h more. Without one 0.2 brings half of it, 6.75 h: 20.25 h more.
    """
    on, alone = gains(two_kinds(1.0), halves_of(DRAWS, 0))
    assert on.mean() == pytest.approx(27.0) and alone.mean() == pytest.approx(20.25)
    assert noise(on - alone) == pytest.approx(2 * np.std(on - alone, ddof=1) / np.sqrt(DRAWS))


def test_a_level_that_tells_nothing_is_worth_nothing() -> None:
    on, alone = gains(two_kinds(1e6), halves_of(DRAWS, 0))
    assert abs((on - alone).mean()) <= 0.15 * 6.75
    assert worth_most([on], [alone], 0.24) is None


def test_where_every_other_rate_is_worse_it_is_gone_on_as_named() -> None:
    """All is in the range at 0.4; 0 leads below it, and 1.5 above."""
    unit = np.full((40, HOURS.size), 400.0)
    anew = Anew(WANTED, 0, 0.4 * unit, 0.0 * unit, unit, np.array([0.0, 1.5]), np.arange(40.0))
    on, alone = gains(anew, halves_of(40, 0))
    assert not on.any() and not alone.any()


def test_what_is_chosen_is_counted_on_others() -> None:
    """Every draw by itself: a rate that was chosen on the draws that it is counted on would gain out of nothing."""
    chance = np.random.default_rng(3)
    unit = np.exp(chance.normal(np.log(400.0), 1.0, (400, 1))) * np.ones((1, HOURS.size))
    rates = np.linspace(0.05, 1.5, 200)
    anew = Anew(WANTED, 0, 0.4 * unit, 0.0 * unit, unit, rates, chance.normal(size=400))
    on, alone = gains(anew, halves_of(400, 0))
    assert on.mean() <= alone.mean() + noise(on - alone)


def test_the_hour_is_that_of_the_most_where_it_is_more_than_chance_and_than_what_can_be_done_without() -> None:
    up, more, none = np.full(100, 1.0), np.full(100, 2.0), np.zeros(100)
    assert worth_most([up, more], [none, none], 0.24) == 1
    assert worth_most([up, more], [none, np.full(100, 1.9)], 0.24) is None
    assert worth_most([np.full(100, 0.2)], [none], 0.24) is None
    wide = np.where(np.arange(100) % 2, 9.0, -8.0)
    assert worth_most([wide], [none], 0.24) is None and worth_most([], [], 0.24) is None
    assert worth_most([up], [np.full(100, -3.0)], 0.24) == 0
    assert noise(np.ones(1)) == np.inf
    # Without a level the best is that of any hour, not of the same one; and where that is a loss, going on as named.
    assert worth_most([more, up], [none, np.full(100, 1.9)], 0.24) is None
    assert worth_most([np.full(100, 0.2)], [np.full(100, -3.0)], 0.24) is None


def test_few_draws_make_few_groups_and_no_draw_is_lost() -> None:
    anew = two_kinds(1.0)
    few = Anew(WANTED, 4, anew.kept[:3], anew.base[:3], anew.unit[:3], anew.rates, anew.measured[:3])
    on, alone = gains(few, halves_of(3, 0))
    assert GROUPS > 3 and on.shape == alone.shape == (3,) and not on.any()  # nobody else of his group chose for him


@pytest.fixture(scope="module")
def high() -> Any:
    return target(shipped_case("measured-level"), draws=2000, hours=None, only=("label_adult", "label_adult_bolus"))


def test_a_patient_whose_kidneys_fail_is_measured_within_the_day_and_not_at_its_end(high: Any) -> None:
    """The longer one waits the more a level tells, and the less is left to be done with it."""
    (one,) = high.searches
    left = [float(item.left.value) for item in one.next_levels]
    assert left == sorted(left, reverse=True)
    worth = [float(item.worth.value) for item in one.next_levels]
    assert one.next_level is not None and worth[-1] < max(worth) / 5
    assert float(one.next_level.worth.value) == max(worth) and 2 <= one.next_level.after.value <= 12
    assert high.next_level == one.next_level


def test_a_late_result_is_worth_less() -> None:
    of = shipped_case("measured-level")
    soon, late = (
        target(of, hours="4 h, 12 h", result_after=after, only=("label_adult",)).searches[0].next_levels
        for after in (None, "8 h")
    )
    assert float(late[0].worth.value) < float(soon[0].worth.value)
    assert [item.after.value for item in target(of, hours="4 h, 20 h", result_after="5 h").searches[0].next_levels] == [
        4
    ]


def test_a_level_with_a_wide_error_is_worth_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 ng/mL of error around 260: the rate is then chosen on next to nothing, and no hour is named."""
    of = case(level("260 ng/mL"), creatinine=RISING)
    found = [target(of, hours="6 h, 8 h", only=("label_adult",)).searches[0]]
    monkeypatch.setattr(Draws, "error_sd", lambda _, levels: np.full(levels.shape, 1000.0))
    found.append(target(of, hours="6 h, 8 h", only=("label_adult",)).searches[0])
    sharp, blurred = (one.next_levels[0] for one in found)
    assert sharp.without == blurred.without and found[1].next_level is None
    assert float(blurred.worth.value) < float(sharp.worth.value) and blurred.left.value > 99 > sharp.left.value


def test_where_much_is_known_no_level_is_worth_drawing() -> None:
    """Three levels that agree, steady kidneys, a range as wide as it gets."""
    of = case(level("240 ng/mL", -6.0), level("235 ng/mL", -3.0), level("238 ng/mL"))
    found = target(of, wanted="20-2000 ng/mL", hours=None)
    assert found.status is TargetStatus.FOUND and found.next_level is None
    assert all(abs(item.worth.value) <= 1 for item in found.searches[0].next_levels)


def test_kidneys_that_move_make_a_level_worth_more() -> None:
    still, moving = (
        max(item.worth.value for item in target(case(level("260 ng/mL"), creatinine=course)).searches[0].next_levels)
        for course in (("1.2 mg/dL",) * 3, RISING)
    )
    assert moving > still
