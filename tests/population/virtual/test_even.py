"""Even draws: each deviate exact in its shares, no corner empty, quantiles of a forecast near those of many draws."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.forecast.draws import spread_of
from inotrope.population import draw_even_individuals, load_model, spreads
from inotrope.population.virtual.even import even_normals

HOURS = np.linspace(0.25, 24, 20)
RATE, EXACT = 0.5 * 60 * 70, 100_000


def test_each_deviate_takes_the_middle_of_every_share_once() -> None:
    found = np.sort(even_normals(1, 4, 3), axis=0)
    # Tables of the normal distribution: 12.5 % lie below -1.15035, 37.5 % below -0.31864.
    np.testing.assert_allclose(found, np.array([[-1.15035, -0.31864, 0.31864, 1.15035]]).repeat(3, 0).T, atol=5e-6)


def test_two_deviates_meet_by_multiples_of_the_golden_ratio() -> None:
    # By hand: 0, 1, 2, 3, 4 times 0.618034 leave 0, 0.618, 0.236, 0.854, 0.472: in order the 1st, 4th, 2nd, 5th, 3rd.
    assert even_normals(0, 5, 2)[:, 1].argsort().argsort().tolist() == [0, 3, 1, 4, 2]
    # Begun at 1: 0.618, 0.236, 0.854, 0.472, 0.090.
    assert even_normals(1, 5, 2)[:, 1].argsort().argsort().tolist() == [3, 1, 4, 2, 0]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_deviates_go_neither_together_nor_against_each_other(count: int) -> None:
    found = even_normals(20_260_101, 200, count)
    off = np.corrcoef(found.T) - np.eye(count)
    assert np.abs(off).max() < 0.08  # 200 plain draws: 0.07 is one standard deviation
    if count == 2:
        quarter = [((found[:, 0] > 0) == a) & ((found[:, 1] > 0) == b) for a in (True, False) for b in (True, False)]
        assert [abs(int(each.sum()) - 50) <= 2 for each in quarter] == [True] * 4


@pytest.mark.parametrize("name", ["label_adult", "label_adult_bolus", "prielipp_1996", "after_surgery_1998"])
@pytest.mark.parametrize("seed", [1, 20_260_101])
def test_the_ends_of_ninety_percent_are_those_of_many_draws(name: str, seed: int) -> None:
    model = load_model(f"milrinone/{name}")
    assert spreads(model)
    typical = {"clearance": np.array([8.0]), "volume": np.array([30.0])}

    def levels(own: dict[str, np.ndarray]) -> np.ndarray:
        clearance, volume = own["clearance"], own["volume"]
        risen = RATE / clearance * (1 - np.exp(-clearance / volume * np.minimum(HOURS, 18)))
        return risen * np.exp(-clearance / volume * np.maximum(HOURS - 18, 0))  # 18 h of infusion, then none

    few = spread_of(levels(draw_even_individuals(model, typical, draws=200, seed=seed)))
    omega = [spread.omega for spread in model.variability.between_subjects.values()]
    etas = np.random.default_rng(3).normal(size=(EXACT, 2)) * omega
    own = {part: typical[part] * np.exp(etas[:, [place]]) for place, part in enumerate(("clearance", "volume"))}
    many = np.percentile(levels(own), (5, 25, 50, 75, 95), axis=0)
    found = np.array([few.lowest, few.lower, few.median, few.upper, few.highest])
    runs = HOURS <= 18
    off = np.abs(found / many - 1)
    # 200 plain draws of the first seed: 11 % and 5 % while it runs, and 29 % after its end.
    assert off[[0, 4]][:, runs].max() < 0.033
    assert off[1:4, runs].max() < 0.04
    assert off[4, ~runs].max() < 0.06


def test_what_is_no_number_and_no_spread_are_errors() -> None:
    assert even_normals(0, 200, 0).shape == (200, 0)
    for seed, draws, count in ((-1, 1, 1), (0, 1.5, 1), (0, 1, -1)):
        with pytest.raises(RequestError, match="is a whole number from 0"):
            even_normals(seed, draws, count)
    with pytest.raises(RequestError, match="does not say how patients differ"):
        draw_even_individuals(load_model("milrinone/bailey_1994"), {}, draws=200, seed=1)
