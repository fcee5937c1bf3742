"""What holds for the whole of a fit, in words: what was given, what is assumed, what a reader must know.

Knows sentences only; it computes nothing.
"""

from __future__ import annotations

from inotrope.dosing import History
from inotrope.drug import Drug, Site
from inotrope.findings import Truth
from inotrope.patient import Kidney
from inotrope.plan.fitting.levels import LevelsOfCase
from inotrope.units import Quantity, round_half_up

ONE_OF_MANY = (
    "A level is one measurement of one patient: what it tells is as sure as the times of the doses and of the "
    "level are. Nothing here changes a dose."
)
ALL_BEYOND = "No model was made in patients like this one: those that are averaged all extrapolate."

WARNING = "WARNING:"
WARNS = f"{WARNING} trust none of these numbers yet. {{says}}"


def assumed_in_words(kidney: Kidney | None) -> tuple[str, ...]:
    """Return what was assumed and not measured."""
    if kidney is None:
        return ()
    measured = "no usable one" if kidney.measured is None else f"{kidney.measured.shown(1)}, which is not used"
    return (f"Kidney function is ASSUMED to be {kidney.clearance}. The record gives {measured}.",)


def given_in_words(past: History) -> tuple[str, ...]:
    """Return what was given, one line for each piece of one rate, oldest first."""
    infused = {id(piece) for piece in past.infused}
    found = []
    for piece in past.pieces:
        start, end = (Quantity(round_half_up(time, 1), "h") for time in (piece.start_h, piece.end_h))
        if id(piece) in infused:
            what = Quantity(round_half_up(piece.rate_mcg_per_kg_h / 60, 4), "mcg/kg/min")
        else:
            what = Quantity(round_half_up(piece.rate_mcg_per_kg_h * (piece.end_h - piece.start_h), 2), "mcg/kg")
        found.append(f"{what} from {start} to {end}")
    if past.running_rate is not None:
        found[-1] = (
            f"{found[-1].partition(' from ')[0]} from {found[-1].partition(' from ')[2].partition(' to ')[0]} on"
        )
    return tuple(found)


def said(
    past: History, levels: LevelsOfCase, drug: Drug, site: Site | None, *, runs: str | None, beyond: bool
) -> tuple[str, ...]:
    """Return what holds for all of it.

    Args:
        past: What was given.
        levels: Of the case.
        drug: Whose.
        site: The hospital's own file.
        runs: How what runs is taken to go on; None where nothing runs.
        beyond: Whether all models that count extrapolate.
    """
    says = [ONE_OF_MANY] if levels.every else []
    if not levels.every:
        says.append(
            f"No level of {drug.name} stands in the case: there is nothing to fit. What follows is what each model "
            "expects of such a patient, side by side and never averaged."
        )
    if levels.used and any(item.site is None for item in levels.used):
        says.append(
            "Where a level was drawn is not written: it must not come from the line that the drug runs through."
        )
    if past.given_before is Truth.UNKNOWN:
        says.append("The case does not say what was given before: nothing is supposed.")
    if runs is not None:
        says.append(f"Supposed ahead of now: {runs}.")
    if beyond:
        says.append(ALL_BEYOND)
    if site is not None and site.band:
        says.append(f"The band of levels is that of this site's own file ({site.file}).")
    return tuple(says)
