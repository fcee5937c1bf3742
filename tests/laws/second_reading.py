"""A second, small reading of the rules, straight from the TOML text and the case document.

It shares no code with `inotrope.drug` or `inotrope.safety`: truth is True, False or None. Limits of doses come from
`printed.py`, typed by hand; what the program computes for the rules is computed again in `second_facts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.laws import second_look as look
from tests.laws.printed import ADULT, CHILD_KIDNEY, Printed
from tests.laws.second_facts import Facts
from tests.laws.second_look import Known, content, medicine, medicine_class, number
from tests.laws.second_record import vocabulary_limit

NAMES = (
    "not-checked", "misspelled-name", "read-without-strength", "not-judged", "line-partners-not-known",
    "diluent-not-on-label",
)  # fmt: skip
"""Rules whose fact is a list of names: they have laws of their own."""


def dosing_limit(path: str, entry: Printed) -> Fraction | None:
    """Return what `@dosing:...` stands for in an entry, in this file's units; None where the entry has none."""
    adult = entry.group == ADULT
    found = {
        "maintenance.maximum": entry.top * 60,
        "total_24_h.maximum": entry.cap,
        "duration.controlled_experience": entry.experience,
        "duration.longest": entry.longest,
        "history.largest_dose": entry.largest_dose,
        "renal.upper": 50 if adult else None,
        "renal.lower": 5 if adult else None,
        "pressure.mean_arterial": 65 if adult else None,
        "pressure.systolic": 90 if adult else None,
        "weight.table_minimum": 30 if adult else None,
        "weight.table_maximum": 120 if adult else None,
        "kidney.impaired_below": None if adult else CHILD_KIDNEY,
        "electrolytes.potassium_correct_first": Fraction("3.5"),
        "rounding.error_warning": 5,
        "storage.diluted_life": 72,
    }[path]
    return None if found is None else Fraction(found)


class Reader(Facts):
    """Reads every rule against one case document, and against what its plan refuses."""

    own: dict[str, Any]
    """The limits that the rule at hand brings itself."""

    def states(self) -> dict[str, Known]:
        """Return what every rule comes to; left out are those of names."""
        found = {}
        for rule in look.rules():
            if rule["id"] in NAMES:
                continue
            self.own = rule.get("limit", {})
            found[rule["id"]] = self.truth(rule["when"])
        return found

    def truth(self, node: dict[str, Any]) -> Known:
        """Return the truth of a condition, Kleene's way."""
        if "all" in node:
            parts = [self.truth(part) for part in node["all"]]
            return False if False in parts else None if None in parts else True
        if "any" in node:
            parts = [self.truth(part) for part in node["any"]]
            return True if True in parts else None if None in parts else False
        if "not" in node:
            inner = self.truth(node["not"])
            return None if inner is None else not inner
        (head,) = [key for key in node if key in _ASKED]
        return _ASKED[head](self, node)

    def condition(self, node: dict[str, Any]) -> Known:
        return self.said(node["condition"])

    def takes(self, names: set[str]) -> Known:
        listed = self.case.get("medicines")
        given = {medicine(item["of"]) for item in self.case.get("administrations") or []} - {"milrinone"}
        if names & ({medicine(item) for item in listed or []} | given):
            return True
        return None if listed is None else False

    def medicine(self, node: dict[str, Any]) -> Known:
        return self.takes({node["medicine"]})

    def medicine_class(self, node: dict[str, Any]) -> Known:
        wanted = node["medicine_class"]
        every = {item["name"] for item in content("vocabulary/medicines.toml")["medicine"]}
        return self.takes({name for name in every if medicine_class(name) == wanted} - set(node["except"]))

    def allergy(self, node: dict[str, Any]) -> Known:
        listed = self.case.get("allergies")
        return None if listed is None else node["allergy"] in {medicine(item) for item in listed}

    def line(self, node: dict[str, Any]) -> Known:
        if self.case.get("lines") is None:
            return False if self.takes({node["line"]}) is False else None
        return node["line"] in {medicine(name) for item in self.case["lines"] for name in item["with"]}

    def event(self, node: dict[str, Any]) -> Known:
        listed = self.case.get("events")
        if listed is None:
            return None
        ages = [self.since(item["at"]) for item in listed if item["what"] == node["event"]]
        oldest = self.length(node)
        return any(oldest is None or age <= oldest for age in ages)

    def support(self, node: dict[str, Any]) -> Known:
        return self.machine((node["support"],), self.length(node) or Fraction(0))

    def length(self, node: dict[str, Any]) -> Fraction | None:
        """Return what `within` stands for, in hours."""
        if "within" not in node:
            return None
        found = self.own.get(node["within"].removeprefix("@"))
        return vocabulary_limit(node["within"]) if found is None else number(found["value"])

    def sex(self, node: dict[str, Any]) -> Known:
        return bool(self.case["patient"]["sex"] == node["sex"])

    def diluent(self, node: dict[str, Any]) -> Known:
        bag = self.case.get("preparation")
        if bag is None:
            return None
        if "diluent" in bag:
            return medicine(bag["diluent"]) == node["diluent"]
        return False if bag.get("product") == "premix" else None

    def measurement(self, node: dict[str, Any]) -> Known:
        newest = self.newest(node["measurement"], self.length(node), of=node.get("of"))

        def holds(word: str, bound: Fraction) -> Known:
            if newest is None:
                return None
            value = self.value(newest)
            if newest["value"].startswith("<"):
                return None if value > bound else word in ("below", "at_or_below")
            return _HOLDS[word](value, bound)

        return self.against_each(node, holds)

    def fact(self, node: dict[str, Any]) -> Known:
        value = getattr(self, "fact_" + re.sub(r"\W+", "_", node["fact"]).lower())()
        if value is False or not any(word in node for word in _HOLDS):
            return value
        return self.against_each(node, lambda word, bound: None if value is None else _HOLDS[word](value, bound))

    def against_each(self, node: dict[str, Any], holds: Callable[[str, Fraction], Known]) -> Known:
        """Hold a value against its limit, or where no entry serves against that of each for the age: all must agree.

        An entry without the limit is crossed by nothing.
        """
        (word,) = [key for key in node if key in _HOLDS]
        reference = node[word]
        own = self.own.get(reference.removeprefix("@"))
        bounds: set[Fraction | None]
        if own is not None:
            bounds = {number(own["value"])}
        elif reference.startswith("@dosing:"):
            bounds = {dosing_limit(reference.removeprefix("@dosing:"), entry) for entry in self.entries}
        else:
            bounds = {vocabulary_limit(reference)}
        truths = {False if bound is None else holds(word, bound) for bound in bounds}
        return truths.pop() if len(truths) == 1 else None


_HOLDS = {
    "above": lambda value, bound: value > bound,
    "below": lambda value, bound: value < bound,
    "at_or_above": lambda value, bound: value >= bound,
    "at_or_below": lambda value, bound: value <= bound,
}
_ASKED = {
    "condition": Reader.condition,
    "medicine": Reader.medicine,
    "medicine_class": Reader.medicine_class,
    "allergy": Reader.allergy,
    "line": Reader.line,
    "event": Reader.event,
    "support": Reader.support,
    "sex": Reader.sex,
    "diluent": Reader.diluent,
    "measurement": Reader.measurement,
    "fact": Reader.fact,
}
