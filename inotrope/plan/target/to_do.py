"""What a person can do next where nothing is searched: above all with a level that was measured.

Knows sentences alone. It lifts no refusal: what a refusal itself asks for stands there first.
"""

from __future__ import annotations

from inotrope.findings import Refusal
from inotrope.plan.fitting.making import Fitted
from inotrope.plan.target.search_record import Course
from inotrope.population.extracorporeal import ENTER

MACHINE = (
    "The level of {level} at {at:%Y-%m-%d %H:%M} is measured, but nobody entered what the machine clears of the drug, "
    "so that no model says what becomes of it. Where the team knows it, enter it as 'clearance' (such as '1.2 L/h') "
    "beside the machine under 'support', and ask again. Until then only the next level shows where it goes."
)
NOBODY_SAYS = (
    "The level of {level} at {at:%Y-%m-%d %H:%M} is measured, and no model here says what is usual for such a patient: "
    "show it to the pharmacist, and judge by its effect. 'inotrope plan' has the rates and the steps."
)
ONCE_MEASURED = (
    "What the machine clears is entered: once a level is measured, both together tell what becomes of what runs. Ask "
    "again then."
)
NO_MODEL = ("no-model-holds", "no-model")


def to_do(refusals: tuple[Refusal, ...], fitted: Fitted | None, going_on: tuple[Course, ...]) -> tuple[str, ...]:
    """Return what can be done next; nothing where a rate was searched, no level is usable, or courses tell of it.

    Args:
        refusals: Why nothing was searched.
        fitted: What the levels left; None where no model was asked.
        going_on: What becomes of what runs, where fitted levels say it.
    """
    if not refusals or fitted is None or going_on:
        return ()
    if not fitted.levels.every and any(item[0].setting.machines for item in fitted.fits.values()):
        return (ONCE_MEASURED,)
    if not fitted.levels.used:
        return ()
    newest = fitted.levels.used[-1]
    if any(ENTER in item.says for item in _of_models(fitted)):
        return (MACHINE.format(level=newest.as_written, at=newest.at),)
    if any(item.id in NO_MODEL for item in refusals):
        return (NOBODY_SAYS.format(level=newest.as_written, at=newest.at),)
    return ()


def _of_models(fitted: Fitted) -> list[Refusal]:
    """Return why models do not answer."""
    return [item for _, _, answer, _ in fitted.fits.values() if isinstance(answer, tuple) for item in answer]
