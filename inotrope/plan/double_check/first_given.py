"""What goes in before the rate of a start: nothing, a load that is drawn up, or a first rate of the bag on the pump.

Knows every way in which the load of a plan can go in, and that it may be left out: that is a course of its own, which
a second person must mean too. Whether a load is given at all, a plan has judged.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.dosing import LoadingDose
from inotrope.plan.double_check.items import IN_ALL, LOAD_RATE, OVER, STRENGTH, VOLUME
from inotrope.units import Quantity

NOTHING, DRAWN_UP, FIRST_RATE = "nothing", "drawn up", "first rate"


@dataclass(frozen=True, slots=True)
class FirstGiven:
    """What goes in first.

    Attributes:
        how: Nothing, a load that is drawn up, or a first rate.
        amounts: By item, what the first person means; a load whose dilution nobody says has neither the volume in the
            syringe nor a rate of its own.
        left_out: Whether the plan has a load that is not part of this course.
        another: Whether it is one more way to give the same load, made up to a larger volume.
    """

    how: str
    amounts: tuple[tuple[str, Quantity], ...] = ()
    left_out: bool = False
    another: bool = False


def ways_to_begin(load: LoadingDose | None) -> tuple[FirstGiven, ...]:
    """Return every course that a plan lets somebody mean, that of its load first.

    A load that waits for an answer is none yet: then the course without it is the only one.
    """
    if load is None or not load.given or load.duration is None:
        return (FirstGiven(NOTHING),)
    without = FirstGiven(NOTHING, left_out=True)
    if load.only_if:
        return (without,)
    if load.rate is not None:
        if load.pump_rate is None:
            return (without,)
        return (FirstGiven(FIRST_RATE, ((OVER, load.duration), (LOAD_RATE, load.pump_rate))), without)
    return (*_drawn_up(load, load.duration), without)


def _drawn_up(load: LoadingDose, over: Quantity) -> list[FirstGiven]:
    """Return the load as it is drawn up: undiluted where that can be set, and in each volume that the entry names."""
    (part,) = load.volumes
    drawn = ((STRENGTH, part.strength), (VOLUME, part.volume))
    larger = [volume for volume in load.made_up_to if volume > part.volume]
    found = []
    if load.pump_rate is not None and not load.too_little and not load.setting:
        found.append(FirstGiven(DRAWN_UP, (*drawn, (IN_ALL, part.volume), (OVER, over), (LOAD_RATE, load.pump_rate))))
    for volume in larger:
        flow = Quantity(volume.in_unit("mL") * 60 / over.in_unit("min"), "mL/h")
        diluted = (*drawn, (IN_ALL, volume), (OVER, over), (LOAD_RATE, flow))
        found.append(FirstGiven(DRAWN_UP, diluted, another=bool(found)))
    return found or [FirstGiven(DRAWN_UP, (*drawn, (OVER, over)))]
