"""One case at one hospital: the drug as it is used there, and what the site settles for a case that leaves it open.

Knows what a site's file may fill in (the pump, the authority) and what it refuses. Whatever the case itself says goes
before; nothing here makes a dose larger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from inotrope.dosing import find_entry
from inotrope.drug import Drug, Entry, Site, SiteChange, tightened
from inotrope.findings import Refusal
from inotrope.patient import Case, Named, Pump, read_listed
from inotrope.patient.vocabulary import plain_name


@dataclass(frozen=True, slots=True)
class AtSite:
    """A case and a drug as one hospital sees them.

    Attributes:
        case: The case, with the pump's minimum, the authority and the formulary's names filled in where it has none.
        drug: The drug with the site's stricter numbers.
        site: The hospital's own file; None where there is none, and then nothing was changed.
        changes: Everything that the file settled or tightened in the drug.
        notes: What it filled in for this case, as sentences.
    """

    case: Case
    drug: Drug
    site: Site | None
    changes: tuple[SiteChange, ...] = ()
    notes: tuple[str, ...] = ()

    def refusals(self, entry: Entry | None) -> tuple[Refusal, ...]:
        """Return what this site refuses: an indication that is not used here, an entry whose range it closed."""
        found = []
        if self.site is not None and self._not_used():
            found.append(
                Refusal(
                    "indication-not-used-here",
                    f"This site does not use {self.drug.name} for '{self.case.indication}': its own file "
                    f"({self.site.file}) refuses it. Ask the site's pharmacy.",
                    ("indication",),
                )
            )
        if entry is not None and entry.maintenance.maximum.value < entry.maintenance.minimum.value:
            rates = entry.maintenance
            found.append(
                Refusal(
                    "site-leaves-no-rate",
                    f"This site allows at most {rates.maximum.value}, and the dosing entry starts at "
                    f"{rates.minimum.value} ({entry.authority}): none of its rates is left. Ask the site's pharmacy.",
                    ("indication",),
                    (rates.maximum.source, rates.minimum.source),
                )
            )
        return tuple(found)

    def changes_for(self, entry: Entry | None) -> tuple[SiteChange, ...]:
        """Return the changes that can concern this plan: those of its entry, and those of no entry."""
        return tuple(change for change in self.changes if not change.entry or entry is None or change.entry == entry.id)

    def _not_used(self) -> bool:
        assert self.site is not None  # the caller asked
        refused = {plain_name(word.text) for word in self.site.refused}
        wanted = plain_name(self.case.indication)
        meant = ({plain_name(name) for name in (item.indication, *item.synonyms)} for item in self.drug.entries)
        return any(wanted in names and names & refused for names in meant)


def at_site(case: Case, drug: Drug, site: Site | None) -> AtSite:
    """Return a case and a drug as a site sees them; without a site, as they are.

    Raises:
        LibraryError: The site's file loosens a limit, or names what the drug does not have.
    """
    if site is None:
        return AtSite(case, drug, None)
    found = tightened(drug, site)
    known = _renamed(case, found.names) if found.names else case
    filled, notes = _with_pump(known, site)
    chosen, said = _with_authority(filled, found.drug, site)
    return AtSite(chosen, found.drug, site, found.changes, (*notes, *said))


def _with_pump(case: Case, site: Site) -> tuple[Case, list[str]]:
    """Fill in what the case does not say of its pump; the step is handed to the arithmetic, which knows the entry's."""
    step = None if case.pump is None else case.pump.step
    lowest = None if case.pump is None else case.pump.minimum
    settled = []
    if step is None and site.pump_step is not None:
        settled.append(f"steps of {site.pump_step}")
    if lowest is None and site.pump_minimum is not None:
        settled.append(f"a lowest rate of {site.pump_minimum}")
        case = replace(case, pump=Pump(step, site.pump_minimum))
    return case, [f"The case does not say it: this site's pumps have {' and '.join(settled)}."] if settled else []


def _with_authority(case: Case, drug: Drug, site: Site) -> tuple[Case, list[str]]:
    """Prefer the site's authority where the case names none and that authority has an entry for this patient."""
    if site.prefer is None or case.authority is not None:
        return case, []
    preferred = replace(case, authority=site.prefer.text)
    entry = find_entry(drug, preferred)
    if not isinstance(entry, Entry) or entry.authority.casefold() != plain_name(site.prefer.text):
        return case, [f"This site prefers the authority '{site.prefer.text}', which has no entry for this patient."]
    return preferred, [f"The case names no authority; this site chose '{entry.authority}'."]


def _renamed(case: Case, names: Mapping[str, str]) -> Case:
    """Return the case with the formulary's names known: as its medicine, an allergen, in the line, or as given."""

    def known(item: Named) -> Named:
        name = read_listed(item.as_written, names)
        return item if name is None or item.known else Named(name, True, item.as_written)

    def all_known(items: tuple[Named, ...] | None) -> tuple[Named, ...] | None:
        return None if items is None else tuple(known(item) for item in items)

    given, lines = case.administrations, case.lines
    return replace(
        case,
        medicines=all_known(case.medicines),
        allergies=all_known(case.allergies),
        administrations=None if given is None else tuple(replace(item, of=known(item.of)) for item in given),
        lines=None
        if lines is None
        else tuple(replace(line, with_=tuple(known(item) for item in line.with_)) for line in lines),
    )
