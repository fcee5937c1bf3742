"""When a range is left: four curves by hand, and a thousand straight ones whose moments are known."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.drug import StudiedRange, load_drug
from inotrope.forecast.leaving import leaving_of
from inotrope.forecast.record import Leaving, Side


def usual() -> StudiedRange:
    """100 to 300 ng/mL."""
    return next(band for band in load_drug("milrinone").studied_ranges if band.id == "usual")


def both(levels: list[list[float]], times: list[float]) -> tuple[Leaving, Leaving]:
    found = {item.side: item for item in leaving_of(np.array(levels), np.array(times), [usual()])}
    return found[Side.ABOVE], found[Side.BELOW]


def test_four_curves_by_hand() -> None:
    """Never in; up through the range at 1.5 h; above from the start and down through it at 3.5 h; in all the time."""
    above, below = both([[0, 50, 90, 60], [0, 200, 400, 400], [500, 400, 200, 0], [150, 150, 300, 100]], [0, 1, 2, 4])
    assert (above.now, above.chance) == (0.25, 0.5)
    # In order they leave at 0 and 1.5 h: one of four has by 0 h, two of four by 1.5 h.
    assert above.by_h == (0.0, 0.0, 1.5)
    # Below at the first time: the two that start at 0; only the third falls below from within, at 2 + 2 x 100 / 200.
    assert (below.now, below.chance) == (0.5, 0.25)
    assert below.by_h == (3.0, 3.0, None)
    assert above.band == below.band == "usual"
    # At the end one lies above (the second) and two below (the first and the third).
    assert (above.at_the_end, below.at_the_end) == (0.25, 0.5)


def test_the_ends_of_a_range_are_in_it() -> None:
    above, below = both([[300, 300], [100, 100]], [0, 1])
    assert (above.now, above.chance, below.now, below.chance) == (0, 0, 0, 0)
    assert above.by_h == below.by_h == (None, None, None)


def test_a_level_that_jumps_at_one_time_has_left_by_then() -> None:
    above, _ = both([[200, 200, 400]], [0, 1, 1])
    assert above.by_h == (1.0, 1.0, 1.0)


def test_from_above_a_range_it_is_left_below_however_quickly() -> None:
    """No time of the grid falls inside: 500 to 50 in two hours crosses 100 after 2 x 400 / 450."""
    above, below = both([[500, 50]], [0, 2])
    assert (above.by_h[2], below.chance) == (0.0, 1.0) and below.by_h[2] == pytest.approx(16 / 9)


def test_straight_lines_leave_when_they_must() -> None:
    """Draw k of a thousand rises by (k + 1/2) / 10 ng/mL an hour from 200: above 300 after 1000 / (k + 1/2) h."""
    slopes = (np.arange(1000) + 0.5) / 10
    times = np.linspace(0, 24, 97)
    (above, below) = leaving_of(200 + slopes[:, None] * times, times, [usual()])
    assert above.chance == pytest.approx(np.mean(100 / slopes < 24), abs=1e-12)
    # The steepest 5 % are those from k = 950 on.
    assert above.by_h[0] == pytest.approx(100 / slopes[950], rel=1e-9)
    assert above.by_h[1:] == (pytest.approx(100 / slopes[750], rel=1e-9), pytest.approx(100 / slopes[500], rel=1e-9))
    assert below.chance == 0


def test_more_bands_stand_in_their_order() -> None:
    bands = load_drug("milrinone").studied_ranges
    found = leaving_of(np.full((3, 4), 290.0), np.arange(4.0), bands)
    assert [item.band for item in found] == [band.id for band in bands for _ in Side]
    shares = {(item.band, item.side): item.chance for item in found}
    assert shares["usual", Side.ABOVE] == 0 and shares["near-maximal", Side.ABOVE] == 1
