"""How fast the heart makes cAMP beside a patient's other medicines: a beta-blocker slows it, dobutamine hastens it.

Knows the medicines of a response file and finds them in a case, by name or by class. Every size is a judgement. Which
medicines move heart and vessels and have no size, it knows too, and names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from inotrope.circulation import UNCHANGED, Drive
from inotrope.patient import Administration, Case, vocabulary
from inotrope.population.response.responses import ResponseFile


def drive_beside(file: ResponseFile, case: Case) -> tuple[Drive, tuple[str, ...]]:
    """Return how fast the heart makes cAMP beside this patient's medicines, before the drug and with it alike.

    Args:
        file: Of the drug; its medicines with their sizes.
        case: The patient.

    Returns:
        The drive, and a sentence for each medicine that moves it.
    """
    named = [item.name for item in case.medicines or ()]
    named += [item.of.name for item in _newest(case) if item.end is None or item.end > case.now]
    factor, says = 1.0, []
    for kind, size in file.medicines.items():
        taken = [name for name in named if kind in (name, _class(name))]
        if taken:
            factor *= float(size.value)
            says.append(
                f"Beside {', '.join(dict.fromkeys(taken))}, taken before the drug and with it, the heart makes cAMP at "
                f"{size.value} of the rate of the fit ({size.source.status}: no source gives the size)."
            )
    return (Drive.of(now=factor, calibrated=factor) if says else UNCHANGED), tuple(says)


def not_counted(file: ResponseFile, case: Case) -> str:
    """Return a sentence that names each medicine that moves heart and vessels and is not in the model; empty for none.

    What was given within the time that a reading holds counts as given: a medicine of the heart does not end with its
    pump.

    Args:
        file: Of the drug; its medicines with their sizes, and the classes that move heart and vessels.
        case: The patient.
    """
    named = dict.fromkeys((*(item.name for item in case.medicines or ()), *_given(file, case)))
    found = [
        name
        for name in named
        if _class(name) in file.not_counted and name != case.drug and not {name, _class(name)} & set(file.medicines)
    ]
    if not found:
        return ""
    return (
        f"Not in the model: {', '.join(found)}. The readings hold what they did to heart and vessels when they were "
        "read; what the drug does beside them, and what follows when they are changed or weaned, nobody fitted, and no "
        "interval or chance has it in it."
    )


def _given(file: ResponseFile, case: Case) -> Iterator[str]:
    """Yield what was given within the time that a reading holds; a rate of zero gives nothing."""
    since = case.now - timedelta(hours=float(file.readings.holds.value.in_unit("h")))
    newest_first = sorted(case.administrations or (), key=lambda entry: entry.start, reverse=True)
    changed: dict[str, datetime] = {}
    for item in newest_first:
        name = item.of.name
        until = item.end or (item.start if item.rate is None else changed.get(name, case.now))
        if item.rate is not None:
            changed[name] = item.start
        if (item.rate is None or item.rate.value > 0) and until >= since:
            yield name


def _newest(case: Case) -> list[Administration]:
    """Return the newest rate and the newest dose of each medicine; what was set to zero runs no more."""
    found: dict[tuple[str, bool], Administration] = {}
    for item in sorted(case.administrations or (), key=lambda entry: entry.start):
        found[item.of.name, item.rate is None] = item
    return [item for item in found.values() if item.rate is None or item.rate.value > 0]


def _class(name: str) -> str:
    return str(getattr(vocabulary().medicine(name), "class_", ""))
