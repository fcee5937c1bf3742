"""A second reading of the facts that the program computes for its rules, from the document and few parts of the plan.

It shares no code with `inotrope.safety`. A fact is a fraction, True or False (False also: nothing to compare), or None
where nobody can know. From the plan it takes only what it does not recompute: the kidney's value and its estimates, and
the setting of the pump.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any

from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.printed import ADULT, NEWBORN
from tests.laws.second_look import Known, content, number


class Hidden(Exception):
    """What the rule judged cannot be seen from outside: a stopped plan shows no dose, for example."""


@cache
def vocabulary_limit(reference: str) -> Fraction:
    """Return what `@vocabulary:...` or `@drug:...` stands for."""
    file, _, path = reference.removeprefix("@").partition(":")
    table, _, key = path.rpartition(".")
    if file == "drug":
        return number(content("milrinone/drug.toml")[table][key]["value"])
    own = content("vocabulary/limits.toml").get(table)
    kinds = content("vocabulary/measurements.toml")["measurement"]
    found = own if own is not None else next(kind for kind in kinds if kind["name"] == table)
    return number(found[key]["value"])


class Facts:
    """The facts of one case document."""

    def __init__(self, case: dict[str, Any], plan: Any) -> None:
        self.case = case
        self.now = datetime.fromisoformat(case["now"])
        self.plan = plan
        serving, self.no_entry = look.serving(case)
        self.entry = serving[0] if serving else None
        self.has_regimen = not plan.refusals
        self.rate = plan.maintenance

    def said(self, condition: str) -> Known:
        """Return what is known of a condition."""
        found = (self.case.get("conditions") or {}).get(condition, "unknown")
        return {"present": True, "absent": False, "unknown": None}[found]

    def since(self, text: str) -> Fraction:
        return history.hours(self.now - datetime.fromisoformat(text))

    def newest(self, what: str, oldest: Fraction | None, of: str | None = None) -> dict[str, Any] | None:
        """Return the newest of a measurement, of one moment the last written; None where it is too old."""
        listed = self.case.get("measurements") or []
        found = [item for item in listed if item["what"] == what and item.get("of") == of]
        if not found:
            return None
        last = max(reversed(found), key=lambda item: datetime.fromisoformat(item["at"]))
        return None if oldest is not None and self.since(last["at"]) > oldest else last

    def value(self, item: dict[str, Any]) -> Fraction:
        number_ = number(item["value"])
        return number_ / self.fact_weight() if item["value"].endswith(" mL/h") else number_

    def fact_patient_is_an_adult(self) -> Known:
        return look.group(self.case) == ADULT

    def fact_patient_is_past_childhood(self) -> Known:
        return look.years_of_age(self.case) >= 10

    def fact_patient_is_a_newborn(self) -> Known:
        who = look.group(self.case)
        return None if who is None else who == NEWBORN

    def fact_kidney_clearance(self) -> Fraction | Known:
        if self.plan.kidney.clearance is not None:
            return Fraction(self.plan.kidney.clearance.value)
        if "kidney-replacement" in {item.id for item in self.plan.refusals}:
            raise Hidden  # beside a machine, and after one, the plan shows no clearance of the kidney
        # Below the age of an equation the record says it, and there is nothing to compare.
        infant = look.years_of_age(self.case) < 1 and self.said("renal impairment") is not None
        return False if infant and "conflicting-data" not in self._refused_by_kidney() else None

    def _refused_by_kidney(self) -> set[str]:
        return {item.id for item in self.plan.refusals if "serum creatinine" in item.needs}

    def fact_creatinine_is_changing(self) -> Known:
        return {"yes": True, "no": False, "unknown": None}[self.plan.kidney.changing]

    def fact_child_s_kidney_is_impaired(self) -> Known:
        if look.group(self.case) == ADULT:
            return False
        parts = (self.said("renal impairment"), self.fact_creatinine_is_changing())
        return True if True in parts else None if None in parts else False

    def fact_difference_between_estimates(self) -> Fraction | Known:
        if look.group(self.case) != ADULT or self.plan.kidney.changing == "yes":
            return False  # then the lowest of all estimates doses, and their distance is no question
        if "kidney-replacement" in {item.id for item in self.plan.refusals}:
            raise Hidden
        found = {item.equation: Fraction(item.value.value) for item in self.plan.kidney.estimates}
        gault, other = found.get("cockcroft_gault"), found.get("ckd_epi_2021")
        return None if gault is None or other is None else abs(gault - other) / gault * 100

    def fact_difference_from_reported_egfr(self) -> Fraction | Known:
        found = {item.equation: Fraction(item.value.value) for item in self.plan.kidney.estimates}
        fresh = vocabulary_limit("@vocabulary:kidney.creatinine_fresh")
        if self.plan.kidney.changing == "yes":
            fresh = vocabulary_limit("@vocabulary:kidney.creatinine_fresh_when_changing")
        newest = self.newest("eGFR", fresh)
        if newest is None:
            return False
        if "kidney-replacement" in {item.id for item in self.plan.refusals}:
            raise Hidden
        if not {"ckd_epi_2021", "schwartz_2009"} & set(found):
            return None
        at = datetime.fromisoformat(newest["at"])
        creatinines = [item for item in reversed(self.case["measurements"]) if item["what"] == "serum creatinine"]
        beside = min(creatinines, key=lambda item: abs(datetime.fromisoformat(item["at"]) - at))
        base = self.equation(float(number(beside["value"])))
        return abs(number(newest["value"]) - base) / base * 100

    def equation(self, creatinine: float) -> Fraction:
        """Return CKD-EPI 2021 (Inker, NEJM 385:1737), or bedside Schwartz for a child, for a creatinine in mg/dL."""
        if look.group(self.case) != ADULT:
            height = self.fact_height()
            assert height is not None
            return Fraction("0.413") * height / Fraction(creatinine)
        female, age = self.case["patient"]["sex"] == "female", float(look.years_of_age(self.case))
        k, power = (0.7, -0.241) if female else (0.9, -0.302)
        ratio = creatinine / k
        found = 142 * min(ratio, 1) ** power * max(ratio, 1) ** -1.2 * 0.9938**age * (1.012 if female else 1)
        return Fraction(found)

    def fact_load_is_due(self) -> Known:
        if self.entry is None or self.entry.load is None:
            return False
        return not (history.runs_now(self.case) or history.was_given(self.case))

    def fact_start_without_a_load_is_due(self) -> Known:
        if self.entry is None or history.runs_now(self.case):
            return False
        return self.entry.load is None or bool(history.was_given(self.case))

    def fact_infusion_is_running(self) -> Known:
        return history.runs_now(self.case)

    def fact_milrinone_was_given_before(self) -> Known:
        return history.was_given(self.case)

    def fact_running_rate(self) -> Fraction | Known:
        if not history.infusion_runs(self.case):
            return False if history.recorded(self.case) else None
        if self.entry is None:
            raise Hidden  # whether it is a load hangs on every entry for the age
        if history.is_loading(self.case, self.entry):
            return False
        return history.running_rate(self.case)

    def fact_running_for(self) -> Fraction | Known:
        if history.infusion_runs(self.case):
            return history.running_for(self.case)
        return False if history.recorded(self.case) else None

    def fact_given_24_h(self) -> Fraction | Known:
        if not history.recorded(self.case):
            return None
        past = history.pieces(self.case)
        edges = {edge + shift for piece in past for edge in (piece.start, piece.end) for shift in (0, 24)}
        ends = {Fraction(0), Fraction(-24)} | {edge for edge in edges if -24 < edge < 0}  # -24: just after it
        return max(history.given(past, end - 24, end) for end in ends)

    def fact_preparation_concentration(self) -> Fraction | None:
        return look.concentration(self.case)

    def stated(self, kind: str) -> Fraction | None:
        """Return the concentration that the case states for a product of one kind."""
        bag = self.case.get("preparation") or {}
        if bag.get("product") != kind or not ("concentration" in bag or {"amount", "volume"} <= bag.keys()):
            return None
        return look.concentration(self.case)

    def fact_premix_strength_is_not_a_real_one(self) -> bool:
        stated = self.stated("premix")
        return stated is not None and stated not in look.strengths("premix")

    def fact_vial_is_undiluted(self) -> bool:
        return self.stated("vial") in look.strengths("vial")

    def fact_largest_dose_given(self) -> Fraction | Known:
        if not history.recorded(self.case):
            return None
        recent = [piece for piece in history.doses(self.case) if piece.end > -24]
        return max(piece.rate * (piece.end - piece.start) for piece in recent) if recent else False

    def fact_doses_given_in_24_h(self) -> Fraction | Known:
        if not history.recorded(self.case):
            return None
        recent = [piece for piece in history.doses(self.case) if piece.end > -24]
        together = sum((piece.rate * (piece.end - piece.start) for piece in recent), Fraction(0))
        return together if len(recent) >= 2 else False

    def fact_bag_hangs_since(self) -> Fraction | Known:
        bag = self.case.get("preparation") or {}
        strength = look.concentration(self.case)
        if bag.get("product") != "vial" or "hung" not in bag:
            return False
        return False if strength is not None and strength >= min(look.strengths("vial")) else self.since(bag["hung"])

    def fact_patient_is_an_infant(self) -> Known:
        who = look.group(self.case)
        return None if who is None else who not in (ADULT, NEWBORN) and look.years_of_age(self.case) < 1

    def fact_newborn_s_weight_is_out_of_range(self) -> Known:
        if look.group(self.case) not in (None, NEWBORN):
            return False
        weeks, kg = look.weeks_of_conception(self.case), self.fact_weight()
        if weeks is None:
            return None
        if weeks < 30:
            return kg < Fraction("0.3") or kg > 2
        return (kg < Fraction("0.6") or kg > Fraction("4.5")) if weeks < 37 else (kg < Fraction("1.5") or kg > 7)

    def fact_syringe_is_ten_fold(self) -> Known:
        bag, who = self.case.get("preparation") or {}, look.group(self.case)
        if who in (None, ADULT) or bag.get("product") != "vial" or not {"amount", "volume"} <= bag.keys():
            return False
        made = number(bag["amount"]) / number(bag["volume"])
        if who != NEWBORN and made == number("200 mcg/mL"):
            return False
        factors = [made * 50 / (per_kg * self.fact_weight()) for per_kg in (number("3 mg"), number("1 mg"))]
        return any(Fraction(95, 100) <= x <= Fraction(105, 100) for f in factors for x in (f / 10, f * 10))

    def fact_assumed_kidney_is_above_the_measured_one(self) -> Known:
        if not self.plan.kidney.assumed:
            return False
        raise Hidden

    def fact_running_rate_is_above_what_is_allowed(self) -> Known:
        if not self.has_regimen or (history.recorded(self.case) and not history.infusion_runs(self.case)):
            return False
        if self.entry is not None and history.is_loading(self.case, self.entry):
            return False
        raise Hidden

    def fact_rate_is_above_the_site_s_soft_limit(self) -> Known:
        return False  # these patients are in no hospital with a file of its own

    def fact_preparation_is_not_on_the_site_s_list(self) -> Known:
        return False

    # What changed: the newest, fresh, against what stands in the window before it.

    def earlier(self, what: str, fresh: int, window: int) -> tuple[Fraction, list[Fraction]] | None:
        newest = self.newest(what, Fraction(fresh))
        if newest is None:
            return None
        age = self.since(newest["at"])
        older = [item for item in self.case["measurements"] if item["what"] == what]
        before = [self.value(item) for item in older if age < self.since(item["at"]) <= age + window]
        return self.value(newest), before

    def fall(self, what: str, fresh: int, window: int, *, share: bool) -> Fraction | Known:
        found = self.earlier(what, fresh, window)
        if found is None:
            return None
        newest, before = found
        highest = max(before, default=Fraction(0))
        if not before or (share and not highest):
            return False
        lost = max(highest - newest, Fraction(0))
        return lost / highest * 100 if share else lost

    def fact_platelet_fall(self) -> Fraction | Known:
        return self.fall("platelets", 48, 7 * 24, share=True)

    def fact_urine_fall(self) -> Fraction | Known:
        return self.fall("urine output", 24, 24, share=True)

    def fact_systolic_fall(self) -> Fraction | Known:
        return self.fall("systolic blood pressure", 1, 6, share=False)

    def fact_mean_pressure_fall(self) -> Fraction | Known:
        return self.fall("mean arterial pressure", 1, 6, share=False)

    def fact_mean_pressure_share_lost(self) -> Fraction | Known:
        return self.fall("mean arterial pressure", 1, 6, share=True)

    # Not read a second time yet: worked cases and mutants alone prove them.

    def fact_kinetic_estimate_is_the_lowest(self) -> Known:
        raise Hidden

    def fact_highest_earlier_rate(self) -> Known:
        raise Hidden

    def fact_given_too_fast(self) -> Known:
        raise Hidden

    def fact_runs_past_its_age(self) -> Known:
        raise Hidden

    def fact_bag_should_be_empty(self) -> Known:
        raise Hidden

    def fact_heart_rate_change(self) -> Fraction | Known:
        found = self.earlier("heart rate", 1, 6)
        if found is None:
            return None
        newest, before = found
        return max(abs(newest - value) for value in before) if before else False

    # The body.

    def fact_weight(self) -> Fraction:
        return number(self.case["patient"]["weight"])

    def fact_height(self) -> Fraction | None:
        return number(self.case["patient"]["height"]) if "height" in self.case["patient"] else None

    def fact_weight_is_unusual_for_the_age(self) -> bool:
        birth = look.weeks_at_birth(self.case)
        if look.group(self.case) == NEWBORN and birth is not None and birth < 37:
            return False
        years = look.years_of_age(self.case)
        kinds = content("vocabulary/measurements.toml")["measurement"]
        (kind,) = [kind for kind in kinds if kind["name"] == "body weight"]
        for band in kind["band"]:
            start, end = number(band["age_from"]) / 8766, number(band["age_to"]) / 8766
            if start <= years < end:
                found = {self._unusual(band, min(at, end), start, end) for at in (Fraction(years), Fraction(years + 1))}
                if len(found) > 1:
                    raise Hidden  # the line runs on between birthdays, and completed years do not tell where
                return found.pop()
        return False

    def _unusual(self, band: dict[str, Any], at: Fraction, start: Fraction, end: Fraction) -> bool:
        part = (at - start) / (end - start)
        low, high = (
            first + part * (number(band[last]["value"]) - first if last in band else 0)
            for first, last in (
                (number(band["plausible_minimum"]["value"]), "minimum_at_end"),
                (number(band["plausible_maximum"]["value"]), "maximum_at_end"),
            )
        )
        return not low <= self.fact_weight() <= high

    def other_weight(self, what: str) -> Fraction | None:
        newest = self.newest(what, None)
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

    # Where a dose and its total are known they are within the limits: the laws of the dose prove that.

    def fact_delivered_rate(self) -> Known:
        return None if self.has_regimen and look.concentration(self.case) is None else False

    def fact_total_24_h(self) -> Known:
        return None if self.has_regimen and not history.recorded(self.case) else False

    def fact_delivered_error(self) -> Fraction | Known:
        if not self.has_regimen:
            return False
        if look.concentration(self.case) is None:
            return None
        if self.rate is None or history.infusion_runs(self.case):
            raise Hidden  # while an infusion runs the pump is judged by what runs: not read a second time yet
        return abs(Fraction(self.rate.delivered_error.value))

    def fact_pump_rate_is_below_its_minimum(self) -> Known:
        if not self.has_regimen or "minimum" not in (self.case.get("pump") or {}):
            return False
        if look.concentration(self.case) is None:
            return None
        if self.rate is None:
            raise Hidden
        return Fraction(self.rate.pump_rate.value) < number(self.case["pump"]["minimum"])

    def fact_bag_lasts(self) -> Fraction | Known:
        bag = self.case.get("preparation") or {}
        if not self.has_regimen:
            return False
        if look.concentration(self.case) is None or "volume" not in bag:
            return None
        if self.rate is None:
            raise Hidden
        lasts = number(bag["volume"]) / Fraction(self.rate.pump_rate.value)
        longest = None if self.entry is None else self.entry.longest
        return lasts if longest is None else min(lasts, longest)

    def fact_preparation_is_diluted(self) -> Known:
        product = (self.case.get("preparation") or {}).get("product")
        if not self.has_regimen:
            return False
        if product != "vial":
            return None if product is None else False
        strength = look.concentration(self.case)
        return None if strength is None else strength < min(look.strengths("vial"))
