"""The prior of a walk: what is shipped, and which SD holds where."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation.walk_spread import WalkSpread

SHIPPED = WalkSpread.shipped()


def test_what_is_shipped_is_what_the_trial_used() -> None:
    """Numerics, section 6; the quiet kidney and its chance are this project's own."""
    given = (SHIPPED.production, SHIPPED.volume, SHIPPED.measurement, SHIPPED.before, SHIPPED.moving, SHIPPED.after)
    assert given == (0.2, 0.12, 0.05, 0.05, 1.2, 0.5)
    assert SHIPPED.before < SHIPPED.quiet < SHIPPED.after
    assert SHIPPED.quiet_chance == 0.5


@pytest.mark.parametrize(("quiet", "between"), [(True, SHIPPED.quiet), (False, SHIPPED.moving)])
def test_from_knot_to_knot(quiet: bool, between: float) -> None:
    """24 h are one root of a day, 6 h half of one; a knot merged into one a moment earlier counts as itself."""
    knots = np.array([-24.0, 0.0 - 1e-6, 6.0, 12.0 - 1e-6, 36.0])
    found = SHIPPED.increments(knots, moves_from_h=0.0, last_h=12.0, quiet=quiet)
    assert found == pytest.approx([SHIPPED.before, between / 2, between / 2, SHIPPED.after], rel=1e-5)


@pytest.mark.parametrize("name", [field.name for field in fields(WalkSpread)])
def test_refused(name: str) -> None:
    for wrong in (-0.1, np.nan, *([1.1] if name == "quiet_chance" else [0.0, np.inf])):
        with pytest.raises(RequestError, match="SD of a walk"):
            replace(SHIPPED, **{name: wrong})
