"""What must be read with every prediction of a circulation, the first sentence first."""

from __future__ import annotations

from inotrope.plan.circulation.bedside import Found
from inotrope.plan.circulation.members import Members
from inotrope.plan.circulation.readings_needed import OUTPUT, PRESSURE
from inotrope.population.response import ReadingRules

FIRST = "This explains and warns; it selects no rate, and no dose comes from it."
INOTROPY = (
    "The label does not identify inotropy: its table fits as well with little force and with much, as the unknown V0 "
    "of the left ventricle (its volume at no pressure) is taken.{fits} Patients differ by more than such fits do, and "
    "by how much is judgement."
)
FITS = " Several such fits stand side by side ({all}); where one number stands alone it is that of {first}."
STEADY = (
    "Each state is a steady one, with the static reflex settled: not what the minutes after a change are like, and "
    "with every other medicine as it was."
)
MISSES = "A patient on the drug misses the model too: MAP by an SD of {pressure}, output by {output} (judgement)."
MISSES_IN_IT = "What is told of 90 % of patients, and every share of them, has it in it; the fits have not."

NO_SHARE = (
    "No share of patients and no 90 % of them is told: the numbers of a typical heart would count as known. With "
    "a regimen the day draws what was not measured, where MAP, heart rate and an output were."
)


def misses_say(rules: ReadingRules) -> str:
    """Return by how much a patient on the drug misses the model."""
    by_name = {rule.measurement: rule.misfit.value for rule in rules.rules}
    return MISSES.format(pressure=by_name[PRESSURE], output=by_name[OUTPUT])


def said(found: Found | None, members: Members | None, remarks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences: what it is for, whose numbers these are, and what it stands on."""
    fits = "" if members is None else FITS.format(all=", ".join(sorted(members.ids)), first=members.ids[0])
    told = [FIRST, INOTROPY.format(fits=fits)]
    assumed = [] if found is None else [item for item in found.readings.values() if item.assumed]
    if found is not None:
        if assumed:
            listed = ", ".join(f"{item.what} {item.value}" for item in assumed)
            told.append(f"Not measured in this patient, and those of {assumed[0].assumed} in their place: {listed}.")
        if found.during:
            listed = ", ".join(found.during)
            told.append(
                f"Readings taken since the drug was first given do not show the time before it, and were left out: "
                f"{listed}."
            )
        told += [] if found.missing else [f"Left out: {line}" for line in found.left_out]  # else the refusal says it
        times = sorted(item.at for item in found.readings.values() if item.at is not None)
        if times and times[0] != times[-1]:
            apart = (times[-1] - times[0]).total_seconds() / 3600
            told.append(f"The readings are {apart:.1f} h apart; the model takes them for one moment.")
    if members is not None:
        if members.kind.name != members.file.heart.name:
            told.append(
                f"The fit is of {members.file.heart.title}; here stand the assumptions of {members.kind.title}: an "
                "extrapolation."
            )
        elif assumed:
            told.append(NO_SHARE)
        else:
            told.append(f"{misses_say(members.file.readings)} {MISSES_IN_IT}")
        told.append(STEADY)
    return (*told, *remarks)
