"""A second, small reading of the rules and limits, straight from the TOML text and the case document.

It shares no code with `inotrope.drug`, `inotrope.safety` or `inotrope.dosing`: truth is True, False or None, numbers
are fractions, and the 24 h windows are counted one by one. From the plan it takes only what it does not recompute: the
kidney's value and its estimates, and the setting of the pump.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).parents[2] / "inotrope" / "library"
Known = bool | None
Span = tuple[Fraction, Fraction, Fraction]
"""Start and end in hours from now, and mcg/kg/h between them."""

ADULT_YEARS = 18
AGES = {"year": "years", "month": "month", "week": "week", "day": "day", "h": "h"}
NAMING = ("not-checked", "not-judged", "line-partners-not-known", "diluent-not-on-label")
"""Rules whose facts are names."""
_NUMBER = re.compile(r"\s*<?\s*([-+]?[\d.]+)\s*(.*?)\s*")
_SCALE = {
    "mg": 1000, "mcg": 1, "g": 1_000_000, "mcg/kg": 1, "mg/kg": 1000,
    "mcg/kg/h": 1, "mcg/kg/min": 60, "mg/kg/h": 1000, "mg/kg/day": Fraction(1000, 24),
    "mcg/min": 60, "mcg/h": 1, "mg/h": 1000,
    "mcg/mL": 1, "mg/mL": 1000, "mg/L": 1, "mL": 1, "L": 1000, "mL/h": 1, "mL/kg/h": 1,
    "h": 1, "min": Fraction(1, 60), "day": 24, "years": Fraction(8766), "kg": 1, "cm": 1, "m": 100, "%": 1, "": 1,
    "mmHg": 1, "kPa": 1 / Fraction("0.133322387415"), "mmol/L": 1, "mL/min/1.73 m2": 1,
    "10^9/L": 1, "ms": 1, "/min": 1, "1/min": 1, "ng/mL": Fraction(1, 1000), "L/min/m2": 1, "week": 168,
    "month": Fraction(8766, 12), "mg/dL": 1, "umol/L": Fraction("113.12") / 10_000,
}  # fmt: skip
"""Factors into the units that this file counts in: mcg, kg, h, mL, mmHg, mmol/L, creatinine in mg/dL."""


def number(text: str) -> Fraction:
    """Return a quantity as a fraction in the unit that this file counts in."""
    match = _NUMBER.fullmatch(text)
    assert match is not None, text
    return Fraction(match[1]) * _SCALE[match[2]]


@cache
def content(name: str) -> dict[str, Any]:
    """Return one file of the library as plain tables."""
    return tomllib.loads((LIBRARY / name).read_text("utf-8"))


@cache
def rules() -> tuple[dict[str, Any], ...]:
    """Return every rule, in the order of the files."""
    more = sorted(f"milrinone/safety/{path.name}" for path in (LIBRARY / "milrinone/safety").glob("*.toml"))
    return tuple(rule for name in ("milrinone/safety.toml", *more) for rule in content(name)["rule"])


def entry() -> dict[str, Any]:
    """Return the adult's dosing entry."""
    found: dict[str, Any] = content("milrinone/dosing.toml")["entry"][0]
    return found


@cache
def limit(reference: str) -> Fraction:
    """Return what a reference such as `@dosing:renal.upper` stands for."""
    file, _, path = reference.removeprefix("@").partition(":")
    table, _, key = path.rpartition(".")
    if file == "dosing":
        return number(entry()[table][key]["value"])
    if file == "drug":
        return number(content("milrinone/drug.toml")[table][key]["value"])
    own = content("vocabulary/limits.toml").get(table)
    kinds = content("vocabulary/measurements.toml")["measurement"]
    found = own if own is not None else next(kind for kind in kinds if kind["name"] == table)
    return number(found[key]["value"])


def line(clearance: Fraction) -> Fraction | None:
    """Return the renal line, mcg/kg/min, from 5 to 50; None above."""
    points = [(number(p["clearance"]), number(p["rate"]) / 60) for p in entry()["renal"]["point"]]
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= clearance <= right:
            return low + (clearance - left) * (high - low) / (right - left)
    assert clearance > points[-1][0], clearance
    return None


# --- what was given --------------------------------------------------------------------------------------------------


def spans(case: dict[str, Any]) -> list[Span]:
    """Return what was given of milrinone up to now, and the rest of a dose that is still going in."""
    now, weight = datetime.fromisoformat(case["now"]), number(case["patient"]["weight"])
    mine = sorted((a for a in case.get("administrations") or [] if a["of"] == "milrinone"), key=_start)
    infusions = [a for a in mine if "rate" in a]
    found = []
    for item in mine:
        start, end = _start(item), _end(item)
        if end is None:
            later = [_start(other) for other in infusions if _start(other) > start]
            end = min([*later, now])
        amount = number(item["dose" if "dose" in item else "rate"])
        text = item["dose" if "dose" in item else "rate"]
        if "/kg" not in text:
            amount /= weight
        if "dose" in item:
            amount /= _hours(end - start)
        # What lies ahead of an infusion is no history; a dose that is still going in counts whole.
        found.append((_hours(start - now), _hours((end if "dose" in item else min(end, now)) - now), amount))
    return [span for span in found if span[1] > span[0] and span[2] > 0]


def _start(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item["start"])


def _end(item: dict[str, Any]) -> datetime | None:
    if "end" in item:
        return datetime.fromisoformat(item["end"])
    return _start(item) + timedelta(hours=float(number(item["duration"]))) if "duration" in item else None


def _hours(length: timedelta) -> Fraction:
    return Fraction(round(length / timedelta(seconds=1)), 3600)


def given(past: Iterable[Span], start: Fraction, end: Fraction) -> Fraction:
    """Return the mcg/kg given between two moments, in hours from now."""
    return sum((max(min(stop, end) - max(begin, start), Fraction(0)) * rate for begin, stop, rate in past), Fraction(0))


def worst_window(past: list[Span], load: Fraction, rate: Fraction) -> Fraction:
    """Return the largest mcg/kg of all 24 h windows that end from now to 48 h from now, one every quarter of an hour.

    The edges of what was given are added, since a window can be worst exactly there. Where nothing was given, the
    window that ends last holds most.
    """
    if not past:
        return load + rate * 60 * 24
    edges = {edge + shift for begin, stop, _ in past for edge in (begin, stop) for shift in (0, 24)}
    ends = {Fraction(quarter, 4) for quarter in range(193)} | {edge for edge in edges if edge >= 0}
    return max(
        given(past, end - 24, end) + (load if end <= 24 else 0) + rate * 60 * min(end, Fraction(24)) for end in ends
    )


def runs_now(case: dict[str, Any]) -> Known:
    """Return whether an infusion or a dose of milrinone runs now."""
    if case.get("administrations") is None:
        return None
    return infusion_runs(case) or any(end > 0 for _, end, _ in spans(case))


def infusion_runs(case: dict[str, Any]) -> bool:
    """Return whether an infusion of milrinone is known to run now."""
    if case.get("administrations") is None:
        return False
    now = datetime.fromisoformat(case["now"])
    infusions = sorted((a for a in case["administrations"] if a["of"] == "milrinone" and "rate" in a), key=_start)
    if not infusions:
        return False
    end = _end(infusions[-1])
    return number(infusions[-1]["rate"]) > 0 and (end is None or end > now)


def was_given(case: dict[str, Any]) -> Known:
    """Return whether milrinone was given at all."""
    return None if case.get("administrations") is None else bool(spans(case)) or bool(runs_now(case))


def concentration(case: dict[str, Any]) -> Fraction | None:
    """Return the concentration on the pump, mcg/mL; a premix has its product's."""
    bag = case.get("preparation")
    if bag is None:
        return None
    if "concentration" in bag:
        return number(bag["concentration"])
    if "amount" in bag and "volume" in bag:
        return number(bag["amount"]) / number(bag["volume"])
    premixed = {
        number(p["strength"]["value"]) for p in content("milrinone/drug.toml")["product"] if p["kind"] == "premix"
    }
    return premixed.pop() if bag.get("product") == "premix" and len(premixed) == 1 else None


# --- rules -----------------------------------------------------------------------------------------------------------


class Reader:
    """Reads every rule against one case document and the few things taken from its plan."""

    def __init__(self, case: dict[str, Any], plan: Any) -> None:
        self.case = case
        self.now = datetime.fromisoformat(case["now"])
        self.plan = plan
        self.has_entry = plan.entry is not None
        self.has_regimen = not plan.refusals
        self.rate = None if plan.maintenance is None else plan.maintenance

    def states(self) -> dict[str, Known]:
        """Return what every rule comes to, those left out whose facts are names."""
        found = {}
        for rule in rules():
            if rule["id"] not in NAMING:
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
        said = (self.case.get("conditions") or {}).get(node["condition"], "unknown")
        return {"present": True, "absent": False, "unknown": None}[said]

    def takes(self, names: set[str]) -> Known:
        listed = self.case.get("medicines")
        also = {a["of"] for a in self.case.get("administrations") or [] if a["of"] != "milrinone"}
        if names & ({*(listed or [])} | also):
            return True
        return None if listed is None else False

    def medicine(self, node: dict[str, Any]) -> Known:
        return self.takes({node["medicine"]})

    def medicine_class(self, node: dict[str, Any]) -> Known:
        members = {
            m["name"] for m in content("vocabulary/medicines.toml")["medicine"] if m["class"] == node["medicine_class"]
        }
        return self.takes(members - set(node["except"]))

    def allergy(self, node: dict[str, Any]) -> Known:
        listed = self.case.get("allergies")
        return None if listed is None else node["allergy"] in listed

    def line(self, node: dict[str, Any]) -> Known:
        if self.case.get("lines") is None:
            return False if self.takes({node["line"]}) is False else None
        return any(node["line"] in item["with"] for item in self.case["lines"])

    def event(self, node: dict[str, Any]) -> Known:
        listed = self.case.get("events")
        if listed is None:
            return None
        ages = [
            _hours(self.now - datetime.fromisoformat(item["at"])) for item in listed if item["what"] == node["event"]
        ]
        if "within" not in node:
            return bool(ages)
        return any(age <= number(self.own[node["within"].removeprefix("@")]["value"]) for age in ages)

    def support(self, node: dict[str, Any]) -> Known:
        listed = self.case.get("support")
        if listed is None:
            return None
        slack = number(self.own[node["within"].removeprefix("@")]["value"]) if "within" in node else Fraction(0)
        ends = [item.get("end") for item in listed if item["what"] == node["support"]]
        return any(end is None or _hours(self.now - datetime.fromisoformat(end)) < slack for end in ends)

    def sex(self, node: dict[str, Any]) -> Known:
        return self.case["patient"]["sex"] == node["sex"]

    def diluent(self, node: dict[str, Any]) -> Known:
        bag = self.case.get("preparation")
        if bag is None:
            return None
        if "diluent" in bag:
            return bag["diluent"] == node["diluent"]
        return False if bag.get("product") == "premix" else None

    def measurement(self, node: dict[str, Any]) -> Known:
        mine = [
            item
            for item in self.case.get("measurements") or []
            if item["what"] == node["measurement"] and item.get("of") == node.get("of")
        ]
        if not mine:
            return None
        newest = max(
            reversed(mine), key=lambda item: datetime.fromisoformat(item["at"])
        )  # of one moment the last written
        if "within" in node and _hours(self.now - datetime.fromisoformat(newest["at"])) > limit(node["within"]):
            return None
        value = number(newest["value"])
        if newest["value"].endswith(" mL/h"):
            value /= self.fact_weight()
        return self.compared(node, value)

    def compared(self, node: dict[str, Any], value: Fraction) -> Known:
        (word,) = [key for key in node if key in ("above", "below", "at_or_above", "at_or_below")]
        reference = node[word]
        if reference.startswith("@dosing:"):
            table, _, key = reference.removeprefix("@dosing:").rpartition(".")
            if not self.has_entry:
                return None
            if key not in entry().get(table, {}):
                return False
        own = self.own.get(reference.removeprefix("@"))
        bound = limit(reference) if own is None else number(own["value"])
        return {
            "above": value > bound,
            "below": value < bound,
            "at_or_above": value >= bound,
            "at_or_below": value <= bound,
        }[word]

    def fact(self, node: dict[str, Any]) -> Known:
        value = getattr(self, "fact_" + re.sub(r"\W+", "_", node["fact"]).lower())()
        if value is None or isinstance(value, bool):
            return value
        return self.compared(node, value)

    # Facts: a fraction, True or False (also: nothing to compare), or None where nobody can know.

    def fact_kidney_clearance(self) -> Fraction | Known:
        if self.plan.kidney.clearance is not None:
            return Fraction(self.plan.kidney.clearance.value)
        if self.years() >= 1 or (self.case.get("conditions") or {}).get("renal impairment", "unknown") == "unknown":
            return None
        if any(refusal.id == "conflicting-data" for refusal in self.plan.refusals):
            raise Hidden
        return False  # no equation holds for an infant, so there is nothing to compare

    def fact_creatinine_is_changing(self) -> Known:
        return {"yes": True, "no": False, "unknown": None}[self.plan.kidney.changing]

    def fact_difference_between_estimates(self) -> Fraction | Known:
        if self.plan.kidney.changing == "yes" or not self.fact_patient_is_an_adult():
            return False  # then the lowest of all estimates doses, and their distance is no question
        found = {item.equation: Fraction(item.value.value) for item in self.plan.kidney.estimates}
        gault, other = found.get("cockcroft_gault"), found.get("ckd_epi_2021")
        return None if gault is None or other is None else abs(gault - other) / gault * 100

    def fact_difference_from_reported_egfr(self) -> Fraction | bool | None:
        found = {item.equation: Fraction(item.value.value) for item in self.plan.kidney.estimates}
        fresh = limit("@vocabulary:kidney.creatinine_fresh")
        if self.plan.kidney.changing == "yes":
            fresh = limit("@vocabulary:kidney.creatinine_fresh_when_changing")
        mine = [item for item in self.case.get("measurements") or [] if item["what"] == "eGFR"]
        newest = max(mine, key=lambda item: datetime.fromisoformat(item["at"]), default=None)
        if newest is None or _hours(self.now - datetime.fromisoformat(newest["at"])) > fresh:
            return False
        child = "schwartz_2009" in found
        if "ckd_epi_2021" not in found and not child:
            return None
        at = datetime.fromisoformat(newest["at"])
        creatinines = [item for item in reversed(self.case["measurements"]) if item["what"] == "serum creatinine"]
        beside = min(creatinines, key=lambda item: abs(datetime.fromisoformat(item["at"]) - at))
        base = self.schwartz(number(beside["value"])) if child else self.ckd_epi(float(number(beside["value"])))
        return abs(number(newest["value"]) - base) / base * 100

    def schwartz(self, creatinine: Fraction) -> Fraction:
        """Return the bedside Schwartz estimate (JASN 20:629) in mL/min/1.73 m2 for a creatinine in mg/dL."""
        assert self.plan.patient.height is not None
        return Fraction("0.413") * Fraction(self.plan.patient.height.in_unit("cm")) / creatinine

    def ckd_epi(self, creatinine: float) -> Fraction:
        """Return CKD-EPI 2021 (Inker, NEJM 385:1737) in mL/min/1.73 m2 for a creatinine in mg/dL."""
        female, age = self.case["patient"]["sex"] == "female", float(self.plan.patient.age.value)
        k, power = (0.7, -0.241) if female else (0.9, -0.302)
        ratio = creatinine / k
        found = 142 * min(ratio, 1) ** power * max(ratio, 1) ** -1.2 * 0.9938**age * (1.012 if female else 1)
        return Fraction(found)

    def fact_load_is_due(self) -> Known:
        return self.has_entry and not (runs_now(self.case) or was_given(self.case))

    def fact_infusion_is_running(self) -> Known:
        return runs_now(self.case)

    def fact_milrinone_was_given_before(self) -> Known:
        return was_given(self.case)

    def fact_running_rate(self) -> Fraction | bool | None:
        if not infusion_runs(self.case):
            return None if self.case.get("administrations") is None else False
        return max(spans_running(self.case))

    def fact_running_for(self) -> Fraction | bool | None:
        if infusion_runs(self.case):
            return running_for(self.case)
        return None if self.case.get("administrations") is None else False

    def fact_given_24_h(self) -> Fraction | None:
        if self.case.get("administrations") is None:
            return None
        past = spans(self.case)
        quarters = {Fraction(-quarter, 4) for quarter in range(97)}  # -24 stands for the moments just after it
        edges = {edge + shift for begin, stop, _ in past for edge in (begin, stop) for shift in (0, 24)}
        return max(given(past, end - 24, end) for end in quarters | {edge for edge in edges if -24 < edge <= 0})

    def fact_preparation_concentration(self) -> Fraction | None:
        return concentration(self.case)

    def strengths(self, kind: str) -> set[Fraction]:
        products = content("milrinone/drug.toml")["product"]
        return {number(product["strength"]["value"]) for product in products if product["kind"] == kind}

    def stated(self, kind: str) -> Fraction | None:
        """Return the concentration that the case states for a product of one kind."""
        bag = self.case.get("preparation") or {}
        if bag.get("product") != kind or not ("concentration" in bag or {"amount", "volume"} <= bag.keys()):
            return None
        return concentration(self.case)

    def fact_premix_strength_is_not_a_real_one(self) -> bool:
        stated = self.stated("premix")
        return stated is not None and stated not in self.strengths("premix")

    def fact_vial_is_undiluted(self) -> bool:
        return self.stated("vial") in self.strengths("vial")

    def fact_largest_dose_given(self) -> Fraction | Known:
        if self.case.get("administrations") is None:
            return None
        doses = [a for a in self.case["administrations"] if a["of"] == "milrinone" and "dose" in a]
        weight = self.fact_weight()
        recent = [
            number(dose["dose"]) / (1 if "/kg" in dose["dose"] else weight)
            for dose in doses
            if (_end(dose) or self.now) > self.now - timedelta(hours=24)
        ]
        return max(recent) if recent else False

    def fact_assumed_kidney_is_above_the_measured_one(self) -> Known:
        if not self.plan.kidney.assumed:
            return False
        raise Hidden

    def fact_running_rate_is_above_what_is_allowed(self) -> Known:
        if not self.has_regimen or (self.case.get("administrations") is not None and not infusion_runs(self.case)):
            return False
        raise Hidden

    def fact_weight(self) -> Fraction:
        return number(self.case["patient"]["weight"])

    def fact_height(self) -> Fraction | None:
        return number(self.case["patient"]["height"]) if "height" in self.case["patient"] else None

    def other_weight(self, what: str) -> Fraction | None:
        mine = [item for item in self.case.get("measurements") or [] if item["what"] == what]
        newest = max(mine, key=lambda item: datetime.fromisoformat(item["at"]), default=None)
        return None if newest is None else number(newest["value"])

    def fact_weight_change(self) -> Fraction | bool:
        other = self.other_weight("body weight")
        return False if other is None else abs(self.fact_weight() - other) / other * 100

    def fact_weight_ratio(self) -> Fraction | bool:
        other = self.other_weight("body weight")
        return False if other is None else max(self.fact_weight(), other) / min(self.fact_weight(), other)

    def fact_dry_weight_difference(self) -> Fraction | bool:
        other = self.other_weight("dry weight")
        return False if other is None else abs(self.fact_weight() - other) / self.fact_weight() * 100

    # Who the patient is, and what changed. These patients are adults and some children, and no site's file is used.

    def years(self) -> Fraction:
        age = self.plan.patient.age
        return Fraction(age.value) * number(f"1 {AGES[age.unit]}") / number("1 years")

    def fact_patient_is_an_adult(self) -> bool:
        return self.years() >= ADULT_YEARS

    def fact_patient_is_a_newborn(self) -> bool:
        if self.years() < 1:
            raise Hidden
        return False

    def fact_weight_is_unusual_for_the_age(self) -> bool:
        if not self.fact_patient_is_an_adult():
            raise Hidden
        return False

    def fact_child_s_kidney_is_impaired(self) -> bool:
        return self.fact_weight_is_unusual_for_the_age()

    def fact_rate_is_above_the_site_s_soft_limit(self) -> bool:
        return False

    def fact_preparation_is_not_on_the_site_s_list(self) -> bool:
        return False

    def followed(self, what: str) -> tuple[Fraction, list[Fraction]] | None:
        """Return the newest value and those before it in the window, or None where the newest is too old."""

        def value(item: dict[str, Any]) -> Fraction:
            return number(item["value"]) / (self.fact_weight() if item["value"].endswith(" mL/h") else 1)

        mine = [item for item in self.case.get("measurements") or [] if item["what"] == what]
        if not mine:
            return None
        newest = max(reversed(mine), key=lambda item: datetime.fromisoformat(item["at"]))
        at = datetime.fromisoformat(newest["at"])
        if _hours(self.now - at) > limit(f"@vocabulary:{what}.fresh_for"):
            return None
        ages = [(item, _hours(at - datetime.fromisoformat(item["at"]))) for item in mine]
        window = limit(f"@vocabulary:{what}.trend_window")
        return value(newest), [value(item) for item, age in ages if 0 < age <= window]

    def fallen(self, what: str, *, as_share: bool) -> Fraction | Known:
        found = self.followed(what)
        if found is None or not found[1]:
            return None if found is None else False
        newest, highest = found[0], max(found[1])
        fall = max(highest - newest, Fraction(0))
        if not as_share:
            return fall
        return fall / highest * 100 if highest else False

    def fact_platelet_fall(self) -> Fraction | Known:
        return self.fallen("platelets", as_share=True)

    def fact_urine_fall(self) -> Fraction | Known:
        return self.fallen("urine output", as_share=True)

    def fact_systolic_fall(self) -> Fraction | Known:
        return self.fallen("systolic blood pressure", as_share=False)

    def fact_heart_rate_change(self) -> Fraction | Known:
        found = self.followed("heart rate")
        if found is None or not found[1]:
            return None if found is None else False
        return max(abs(found[0] - value) for value in found[1])

    # Where a dose and its total are known they are within the limits: the laws of the dose prove that.

    def fact_delivered_rate(self) -> Known:
        return None if self.has_regimen and concentration(self.case) is None else False

    def fact_total_24_h(self) -> Known:
        return None if self.has_regimen and self.case.get("administrations") is None else False

    def fact_delivered_error(self) -> Fraction | Known:
        if not self.has_regimen:
            return False
        if concentration(self.case) is None:
            return None
        if self.rate is None:
            raise Hidden
        return abs(Fraction(self.rate.delivered_error.value))

    def fact_pump_rate_is_below_its_minimum(self) -> Known:
        if not self.has_regimen or "minimum" not in (self.case.get("pump") or {}):
            return False
        if concentration(self.case) is None:
            return None
        if self.rate is None:
            raise Hidden
        return Fraction(self.rate.pump_rate.value) < number(self.case["pump"]["minimum"])

    def fact_bag_lasts(self) -> Fraction | Known:
        bag = self.case.get("preparation") or {}
        if not self.has_regimen:
            return False
        if concentration(self.case) is None or "volume" not in bag:
            return None
        if self.rate is None:
            raise Hidden
        return number(bag["volume"]) / Fraction(self.rate.pump_rate.value)

    def fact_preparation_is_diluted(self) -> Known:
        product = (self.case.get("preparation") or {}).get("product")
        if not self.has_regimen:
            return False
        if product != "vial":
            return None if product is None else False
        strength = concentration(self.case)
        return None if strength is None else strength < min(self.strengths("vial"))


class Hidden(Exception):
    """What the rule judged cannot be seen from outside: a stopped plan shows no dose, for example."""


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


def spans_running(case: dict[str, Any]) -> list[Fraction]:
    """Return the rate, mcg/kg/h, of the infusion that runs now."""
    infusions = sorted((a for a in case["administrations"] if a["of"] == "milrinone" and "rate" in a), key=_start)
    text = infusions[-1]["rate"]
    return [number(text) / (1 if "/kg" in text else number(case["patient"]["weight"]))]


def running_for(case: dict[str, Any]) -> Fraction:
    """Return the hours since the first infusion of the unbroken run; a gap of more than 24 h breaks it."""
    now = datetime.fromisoformat(case["now"])
    infusions = sorted((a for a in case["administrations"] if a["of"] == "milrinone" and "rate" in a), key=_start)
    flowing = []
    for item, after in zip(infusions, [*infusions[1:], None], strict=True):
        end = _end(item) or (now if after is None else _start(after))
        if number(item["rate"]) > 0:
            flowing.append((_start(item), min(end, now)))
    start = flowing[-1][0]
    for (begin, _), earlier in zip(flowing[::-1], [*flowing[-2::-1], None], strict=False):
        start = begin
        if earlier is None or begin - earlier[1] > timedelta(hours=24):
            break
    return _hours(now - start)
