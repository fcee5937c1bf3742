"""Readings that the draws of a patient do not show: where the model takes him to be more like others than he was read.

A reading has an error, and patients of a kind are alike, so a reading at the edge of the kind is drawn to its middle.
Knows only readings of the time before the drug. It refuses nothing: how far is too far, the readings' own rules say.
"""

from __future__ import annotations

from collections.abc import Iterable

from inotrope.plan.circulation.course_record import CourseReading, QuantityCourse

SHORT = {
    "mean arterial pressure": "MAP",
    "heart rate": "HR",
    "cardiac output": "CO",
    "cardiac index": "CI",
    "central venous pressure": "CVP",
    "pulmonary capillary wedge pressure": "PCWP",
    "mean pulmonary artery pressure": "mPAP",
    "left ventricular ejection fraction": "EF",
}
"""Of the vocabulary's names, those of what a course shows; an output is not compared where its index is shown."""


def unlike(readings: Iterable[CourseReading], quantities: Iterable[QuantityCourse]) -> tuple[str, ...]:
    """Return a sentence for each reading before the drug that lies outside 90 % of the draws there.

    Args:
        readings: That the course stands on.
        quantities: With what they are without the drug.
    """
    before = {item.short: item.before for item in quantities}
    found = []
    for item in readings:
        drawn = before.get(SHORT.get(item.what, ""))
        if drawn is None or item.on_the_drug:
            continue
        if drawn.ninety_from.value <= item.value.in_unit(drawn.median.unit) <= drawn.ninety_to.value:
            continue
        found.append(
            f"The {item.what} was read as {item.value} before the drug, outside 90 % of the draws there "
            f"({drawn.ninety_from} to {drawn.ninety_to}): the model knows few such patients, and the answer of this "
            "one is less sure than the intervals say."
        )
    return tuple(found)
