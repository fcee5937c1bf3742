"""Whose order it is: which entries its age and weight can mean, and what has to be asked before it can be judged.

Knows the weights of the adult's tables and the vocabulary's ranges of weight by age. It guesses no age: where the
limits hang on one that nobody states, or age and weight cannot both be right, it asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from inotrope.drug import Drug, Entry
from inotrope.findings import Refusal
from inotrope.order.statements import Kind, Statement, first, of_kind
from inotrope.patient import AgeGroup, vocabulary
from inotrope.units import Quantity


def entries_meant(drug: Drug, statements: Sequence[Statement]) -> tuple[Entry, ...]:
    """Return the dosing entries that an order can mean: the adult's, unless a weight or an age says otherwise.

    Args:
        drug: The drug's folder.
        statements: What the order states.
    """
    grown = _is_grown(drug, statements)
    meant = [item for item in drug.entries if item.group is None or (item.group is not AgeGroup.ADULT) is not grown]
    if _is_beyond_newborn(statements):
        meant = [item for item in meant if item.group is not AgeGroup.NEWBORN] or meant
    if _is_preterm(statements):
        newborn = [item for item in meant if item.group is AgeGroup.NEWBORN]
        gestation = first(statements, Kind.GESTATION)
        exact = [item for item in newborn if gestation is not None and item.gestational_age.holds(gestation.low)]
        meant = exact or newborn or meant
    return tuple(meant) or drug.entries


def _is_grown(drug: Drug, statements: Sequence[Statement]) -> bool:
    age = first(statements, Kind.AGE)
    if age is not None:
        return age.low.in_unit("year") >= vocabulary().limit("age.adult").value.in_unit("year")
    weighed = bool(of_kind(statements, Kind.WEIGHT))
    if not weighed and (of_kind(statements, Kind.GESTATION) or of_kind(statements, Kind.POSTMENSTRUAL)):
        return False
    lowest = [item.numbers["weight.table_minimum"] for item in drug.entries if "weight.table_minimum" in item.numbers]
    return not any(item.high < limit.value for item in of_kind(statements, Kind.WEIGHT) for limit in lowest)


def _is_beyond_newborn(statements: Sequence[Statement]) -> bool:
    """Tell whether a weight says that no newborn is meant: above the heaviest that a newborn's syringe is made for."""
    conceived = of_kind(statements, Kind.GESTATION) or of_kind(statements, Kind.POSTMENSTRUAL)
    heaviest = vocabulary().limit("order.newborn_weight").value
    return not conceived and any(item.low > heaviest for item in of_kind(statements, Kind.WEIGHT))


def _is_preterm(statements: Sequence[Statement]) -> bool:
    """Tell whether a weight lies below the lowest that a newborn at term can have."""
    least = vocabulary().limit("newborn_weight.from_37_weeks_minimum").value
    return any(item.high < least for item in of_kind(statements, Kind.WEIGHT))


def asks(statements: Sequence[Statement]) -> tuple[Refusal, ...]:
    """Return what has to be asked about the patient of an order before it can be judged.

    Args:
        statements: What the order states, without what a case adds.
    """
    found = []
    weight, least = first(statements, Kind.WEIGHT), vocabulary().limit("newborn_weight.from_37_weeks_minimum")
    counted = {Kind.GESTATION, Kind.POSTMENSTRUAL} & {item.kind for item in statements}
    if weight is not None and _is_preterm(statements) and not counted:
        says = (
            f"A weight of {weight.shown} lies below {least.value}, the lowest that is plausible at term: a preterm "
            "baby's limits hang on the gestational age, and the order does not say it. No adult's limit was used."
        )
        found.append(Refusal("age-absent", says, ("gestational age", "age"), (least.source,)))
    return (*found, *apart(statements))


def apart(statements: Sequence[Statement]) -> tuple[Refusal, ...]:
    """Return the question for an age and a weight that cannot both be right; a preterm baby has no range of its own.

    Args:
        statements: With the age, the weight and, where it is known, the gestational age.
    """
    age, weight = first(statements, Kind.AGE), first(statements, Kind.WEIGHT)
    if age is None or weight is None:
        return ()
    kind, term = vocabulary().measurement("body weight"), vocabulary().limit("newborn.term_from").value
    assert kind is not None  # it stands in the vocabulary
    conceived = (*of_kind(statements, Kind.GESTATION), *of_kind(statements, Kind.POSTMENSTRUAL))
    if any(item.low < term for item in conceived):
        return ()
    for band in kind.bands:
        inside = band.age_from.in_unit("year") <= age.low.in_unit("year") < band.age_to.in_unit("year")
        if not inside:
            continue
        least, most = band.range_at(age.low)[0], band.range_at(_rounded_down(age.low, band.age_to))[1]
        if not _between(weight, least, most):
            says = (
                f"An age of '{age.text}' ({age.where}) and a weight of {weight.shown} ({weight.where}) do not go "
                f"together: {least.shown(1)} to {most.shown(1)} is plausible at that age. "
                "Which of them is wrong is not for a program to choose."
            )
            sources = tuple(dict.fromkeys((band.plausible_minimum.source, band.plausible_maximum.source)))
            return (Refusal("age-and-weight-apart", says, ("age", "weight"), sources),)
    return ()


def _rounded_down(age: Quantity, end: Quantity) -> Quantity:
    """Return the age that the stated one may be short of: people drop what is less than one of its unit."""
    later = Quantity(age.value + 1, age.unit)
    return later if later.in_unit("year") < end.in_unit("year") else end


def _between(item: Statement, least: Quantity, most: Quantity) -> bool:
    return least <= item.low and item.high <= most
