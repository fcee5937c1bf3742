"""Which dosing entry serves this patient: by indication and age, or why none does.

Knows the entries of the drug folder. It never picks the nearest one: an entry for somebody else is no entry.
"""

from __future__ import annotations

from inotrope.drug import Drug, Entry
from inotrope.findings import Refusal
from inotrope.patient import Case
from inotrope.units import Quantity


def find_entry(drug: Drug, case: Case) -> Entry | Refusal:
    """Return the entry for the case's indication and age, or a refusal that names what exists."""
    wanted = case.indication.casefold()
    by_indication = [
        entry for entry in drug.entries if wanted in {name.casefold() for name in (entry.indication, *entry.synonyms)}
    ]
    known = "; ".join(dict.fromkeys(f"'{entry.indication}'" for entry in drug.entries))
    if not by_indication:
        return Refusal(
            "no-entry-for-indication",
            f"There is no dosing entry for '{case.indication}'. Entries exist for: {known}.",
            ("indication",),
        )
    years = Quantity(case.exact_age_years, "year")
    for entry in by_indication:
        too_young = entry.age_minimum is not None and years < entry.age_minimum.value
        too_old = entry.age_maximum is not None and years > entry.age_maximum.value
        if not too_young and not too_old:
            return entry
    ranges = "; ".join(_ages(entry) for entry in by_indication)
    return Refusal(
        "no-entry-for-age",
        f"There is no dosing entry for '{case.indication}' at an age of {years.shown(1)}s; entries cover {ranges}.",
        ("age",),
        tuple(limit.source for entry in by_indication for limit in (entry.age_minimum, entry.age_maximum) if limit),
    )


def _ages(entry: Entry) -> str:
    if entry.age_minimum is not None and entry.age_maximum is not None:
        return f"{entry.age_minimum.value}s to {entry.age_maximum.value}s"
    if entry.age_minimum is not None:
        return f"{entry.age_minimum.value}s and over"
    return "every age" if entry.age_maximum is None else f"up to {entry.age_maximum.value}s"
