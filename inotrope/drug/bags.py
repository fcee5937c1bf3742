"""The bags and syringes that a site offers instead of the library's.

Knows that a bag must be one that a product of this drug can make, and that one named only by its id is the library's.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug.folder import Drug
from inotrope.drug.reading import Book
from inotrope.drug.site import Site, SiteBag
from inotrope.errors import nearest, shorten
from inotrope.patient import vocabulary
from inotrope.units import Quantity


def library_bags(drug: Drug) -> tuple[str, ...]:
    """Return the ids of what the library offers: premixed bags, standard dilutions and syringes by weight."""
    ready = (item.id for item in drug.products if item.kind == "premix")
    syringes = (item.id for item in drug.syringes)
    return (*ready, *(item.id for item in drug.preparations), *syringes)


def prove_bags(site: Site, drug: Drug, book: Book) -> tuple[SiteBag, ...]:
    """Return the site's bags that can exist; what is wrong with the others goes into the book."""
    found: dict[str, SiteBag] = {}
    for bag in site.bags:
        says = _Bag(bag, drug).trouble()
        if not says and bag.id in found:
            says = f"Bag '{shorten(bag.id)}' stands twice."
        if says:
            book.note(bag.where, says)
        else:
            found[bag.id] = bag
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Bag:
    bag: SiteBag
    drug: Drug

    def trouble(self) -> str:
        """Return what is wrong with a bag, as a sentence; empty where nothing is."""
        concentration, known = self.bag.concentration, library_bags(self.drug)
        if concentration is None:
            if self.bag.id in known:
                return ""
            return (
                f"'{shorten(self.bag.id)}' is no bag of the library, so write its amount, volume and diluent; "
                f"{nearest(self.bag.id, known)}."
            )
        if self.bag.id in known:
            return f"'{self.bag.id}' is a bag of the library. Write its id alone, or give your own another id."
        return self._strength(concentration) or self._diluent()

    def _strength(self, concentration: Quantity) -> str:
        strengths = {key: number.value for key, number in self.drug.strengths.items()}
        lowest, highest = strengths["lowest"], strengths["highest"]
        if "lowest_newborn" in strengths:  # a syringe for a newborn may be weaker; each patient's own rule still holds
            lowest = min(lowest, strengths["lowest_newborn"])
        if not lowest <= concentration <= highest:
            return (
                f"{self.bag.amount} in {self.bag.volume} is {concentration.shown(4)}; concentrations of "
                f"{self.drug.name} lie between {lowest} and {highest}."
            )
        return ""

    def _diluent(self) -> str:
        allowed = {name for item in self.drug.preparations for name in item.diluents}
        spoken = vocabulary().medicine(self.bag.diluent)
        if spoken is not None and spoken.name in allowed:
            return ""
        return f"'{shorten(self.bag.diluent)}' is no diluent of {self.drug.name}; {nearest(self.bag.diluent, allowed)}."
