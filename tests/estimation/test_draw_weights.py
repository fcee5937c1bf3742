"""What levels leave of joint draws: by hand, and against an answer known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation.draw_weights import FEWEST, weigh_draws
from inotrope.population import Stream, standard_normals


def test_by_hand() -> None:
    """Likelihoods 1, 2, 1, 0: weights 1/4, 1/2, 1/4, 0; 1 / (1/16 + 1/4 + 1/16) = 8/3 draws' worth; mean 1."""
    found = weigh_draws([0.0, np.log(2.0), 0.0, -np.inf])
    assert found.weights == pytest.approx([0.25, 0.5, 0.25, 0.0])
    assert found.indices.tolist() == [0, 1, 1, 2]
    assert found.effective == pytest.approx(8 / 3)
    assert found.log_marginal == pytest.approx(0.0)
    assert not found.enough


def test_draws_that_say_the_same_all_go_on() -> None:
    found = weigh_draws(np.full(150, -1e5))
    assert found.indices.tolist() == list(range(150))
    assert found.effective == pytest.approx(150)
    assert found.enough
    assert found.log_marginal == pytest.approx(-1e5)
    assert FEWEST == 100


def test_fewer_or_more_go_on() -> None:
    given = np.log([1.0, 3.0])
    assert weigh_draws(given, draws=4).indices.tolist() == [0, 1, 1, 1]
    assert weigh_draws(given, draws=1).indices.tolist() == [1]


def test_the_order_of_the_draws_does_not_matter() -> None:
    given = standard_normals(1, np.arange(50), 1, Stream.KIDNEY)[:, 0]
    one, other = weigh_draws(given), weigh_draws(given[::-1])
    assert one.weights == pytest.approx(other.weights[::-1])
    assert abs(np.bincount(one.indices, minlength=50) - np.bincount(49 - other.indices, minlength=50)).max() <= 1


def test_against_the_exact_posterior_of_a_normal() -> None:
    """Prior N(0, 1), one measurement of 1 with SD 0.5: posterior N(0.8, 0.2), and N(1; 0, 1.25) before it."""
    draws = standard_normals(5, np.arange(20_000), 1, Stream.KIDNEY)[:, 0]
    found = weigh_draws(-0.5 * ((draws - 1) / 0.5) ** 2 - np.log(0.5 * np.sqrt(2 * np.pi)))
    left = draws[found.indices]
    assert (left.mean(), left.std()) == (pytest.approx(0.8, abs=0.02), pytest.approx(0.2**0.5, abs=0.01))
    assert found.log_marginal == pytest.approx(-0.5 / 1.25 - 0.5 * np.log(2 * np.pi * 1.25), abs=0.02)


@pytest.mark.parametrize("given", [[], [np.nan, 0.0], [-np.inf], [np.inf, 0.0], [[0.0, 1.0]]])
def test_refused(given: list) -> None:
    with pytest.raises(RequestError, match="one logarithm each"):
        weigh_draws(given)


def test_none_to_go_on() -> None:
    with pytest.raises(RequestError, match="Keep 1 or more"):
        weigh_draws([0.0], draws=0)
