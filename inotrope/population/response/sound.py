"""From which readings on a heart is sound: the table `[sound]` of a response file. Nothing was fitted to such hearts.

Knows four limits, each with its source. It reads no case and refuses nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug import Sourced
from inotrope.drug.reading import Section
from inotrope.population.response.kinds import FILLING, INDEX, SHARE


@dataclass(frozen=True, slots=True)
class SoundHeart:
    """Where normal readings end.

    Attributes:
        index: The lowest cardiac index.
        wedge: The highest wedge pressure.
        venous: The highest central venous pressure.
        fraction: The lowest left ejection fraction.
    """

    index: Sourced
    wedge: Sourced
    venous: Sourced
    fraction: Sourced


def read_sound_heart(section: Section) -> SoundHeart:
    """Return the table."""
    found = SoundHeart(
        index=section.sourced("cardiac_index", INDEX),
        wedge=section.sourced("wedge_pressure", FILLING),
        venous=section.sourced("central_venous_pressure", FILLING),
        fraction=section.sourced("left_ejection_fraction", SHARE),
    )
    section.done()
    return found
