"""The facts that only children and newborns have: an infant, a preterm newborn, its weight, a syringe by weight.

Knows how each is computed from the case, the vocabulary's ranges and the drug's printed syringes. It holds no limit
of its own, except how near to ten a factor must lie to be called ten-fold.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.dosing import standard_preparations
from inotrope.drug import Drug
from inotrope.findings import Truth
from inotrope.patient import AgeGroup, Case, vocabulary

TERMS = ("below_30_weeks", "30_to_37_weeks", "from_37_weeks")
"""Tables of the vocabulary, one range of weight for each stretch of postmenstrual age."""


def is_infant(case: Case) -> Truth:
    """Tell whether the patient is a child, no newborn any more, for whom no equation of the kidney holds yet."""
    group = case.age_group
    if group is None:
        return Truth.UNKNOWN
    oldest = vocabulary().limit("equations.schwartz_2009_age_minimum").value.in_unit("year")
    return Truth.of(group is AgeGroup.CHILD and case.exact_age_years < oldest)


def is_preterm_newborn(case: Case) -> Truth:
    """Tell whether the patient is a newborn born before term; unknown while a newborn's gestational age is."""
    if case.age_group not in (None, AgeGroup.NEWBORN):
        return Truth.ABSENT
    born = case.patient.gestational_age
    return Truth.of(None if born is None else born < vocabulary().limit("newborn.term_from").value)


def newborns_weight_is_out(case: Case) -> Truth:
    """Tell whether a newborn weighs less or more than any of this postmenstrual age; without one nobody can say."""
    if case.age_group not in (None, AgeGroup.NEWBORN):
        return Truth.ABSENT
    age = case.postmenstrual_age
    if age is None:
        return Truth.UNKNOWN
    words = vocabulary()
    ends = (words.limit("newborn_weight.very_preterm_below"), words.limit("newborn.term_from"))
    table = TERMS[sum(age >= end.value for end in ends)]
    lowest, highest = (words.limit(f"newborn_weight.{table}_{end}").value for end in ("minimum", "maximum"))
    return Truth.of(not lowest <= case.patient.weight <= highest)


def ten_fold_syringes(case: Case, drug: Drug) -> tuple[str, ...]:
    """Return the printed syringes of which a child's syringe holds ten times as much, or a tenth.

    A standard dilution is none of these for a child: 200 mcg/mL is a tenth of 3 mg/kg in 50 mL at 33 kg by chance. For
    a newborn it is told, since newborns' syringes are made up by weight. A printed syringe that would be stronger than
    any product at this weight is none that could have slipped.
    """
    preparation = case.preparation
    if case.age_group not in (AgeGroup.CHILD, AgeGroup.NEWBORN) or preparation is None:
        return ()
    amount, volume = preparation.amount, preparation.volume
    if preparation.product != "vial" or amount is None or volume is None:
        return ()
    made = amount.in_unit("mg") / volume.in_unit("mL")
    standard = {item.concentration.in_unit("mg/mL") for item in standard_preparations(drug)}
    if case.age_group is AgeGroup.CHILD and made in standard:
        return ()
    slack = vocabulary().limit("preparation.ten_fold_within").value.in_unit("%") / 100
    found, strongest = [], drug.strengths["highest"].value.in_unit("mg/mL")
    for item in drug.syringes:
        printed = item.amount.value.in_unit("mg/kg") * case.patient.weight.in_unit("kg")
        factor = made * item.volume.value.in_unit("mL") / printed
        if printed > strongest * item.volume.value.in_unit("mL"):
            continue
        for times, word in ((Decimal(10), "ten times"), (Decimal("0.1"), "one tenth of")):
            if abs(factor - times) <= times * slack:
                found.append(f"{word} {item.amount.value} in {item.volume.value}")
    return tuple(found)
