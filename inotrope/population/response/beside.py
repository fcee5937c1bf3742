"""How fast the heart makes cAMP beside a patient's other medicines: a beta-blocker slows it, dobutamine hastens it.

Knows the medicines of a response file and finds them in a case, by name or by class. Every size is a judgement.
"""

from __future__ import annotations

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
    words = vocabulary()
    named = [item.name for item in case.medicines or ()]
    named += [item.of.name for item in _newest(case) if item.end is None or item.end > case.now]
    factor, says = 1.0, []
    for kind, size in file.medicines.items():
        taken = [name for name in named if name == kind or _class(words.medicine(name)) == kind]
        if taken:
            factor *= float(size.value)
            says.append(
                f"Beside {', '.join(dict.fromkeys(taken))}, taken before the drug and with it, the heart makes cAMP at "
                f"{size.value} of the rate of the fit ({size.source.status}: no source gives the size)."
            )
    return (Drive.of(now=factor, calibrated=factor) if says else UNCHANGED), tuple(says)


def _newest(case: Case) -> list[Administration]:
    """Return the newest rate and the newest dose of each medicine; what was set to zero runs no more."""
    found: dict[tuple[str, bool], Administration] = {}
    for item in sorted(case.administrations or (), key=lambda entry: entry.start):
        found[item.of.name, item.rate is None] = item
    return [item for item in found.values() if item.rate is None or item.rate.value > 0]


def _class(medicine: object) -> str:
    return str(getattr(medicine, "class_", ""))
