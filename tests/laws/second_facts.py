"""A second reading of the facts that the program computes for its rules, from the document.

It shares no code with `inotrope.safety`. A fact is a fraction, True or False (False also: nothing to compare), or None
where nobody can know. The kidney stands in `second_kidney.py`, rates, pump and bag in `second_rates.py`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.printed import ADULT, NEWBORN
from tests.laws.second_look import Known, content, number
from tests.laws.second_rates import RateFacts

OTHER_PULSE = ("intra-aortic balloon pump", "ventricular assist device", "ECMO")


class Facts(RateFacts):
    """The facts of one case document."""

    def fact_patient_is_an_adult(self) -> Known:
        return look.group(self.case) == ADULT

    def fact_patient_is_past_childhood(self) -> Known:
        return look.years_of_age(self.case) >= 10

    def fact_patient_is_a_newborn(self) -> Known:
        who = look.group(self.case)
        return None if who is None else who == NEWBORN

    def fact_patient_is_a_preterm_newborn(self) -> Known:
        if look.group(self.case) not in (None, NEWBORN):
            return False
        weeks = look.weeks_at_birth(self.case)
        return None if weeks is None else weeks < 37

    def fact_start_without_a_load_is_due(self) -> Known:
        if self.entry is None or history.runs_now(self.case):
            return False
        return self.entry.load is None or bool(history.was_given(self.case))

    def fact_infusion_is_running(self) -> Known:
        return history.runs_now(self.case)

    def fact_milrinone_was_given_before(self) -> Known:
        return history.was_given(self.case)

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

    def fact_dose_on_top_of_an_infusion(self) -> Known:
        if not history.recorded(self.case):
            return None
        runs = [piece for piece in history.infusions(self.case) if piece.end > piece.start and piece.rate > 0]
        return any(
            dose.end > -24 and run.start + 1 < dose.start and run.end > dose.start - 24
            for dose in history.doses(self.case)
            for run in runs
        )

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
        printed = [per_kg * self.fact_weight() / 50 for per_kg in (number("3 mg"), number("1 mg"))]
        factors = [made / one for one in printed if one <= number("1 mg/mL")]
        return any(Fraction(95, 100) <= x <= Fraction(105, 100) for f in factors for x in (f / 10, f * 10))

    def fact_rate_is_above_the_site_s_soft_limit(self) -> Known:
        return False  # these patients are in no hospital with a file of its own

    def fact_preparation_looks_counted_as_salt(self) -> bool:
        folder, found = content("milrinone/drug.toml"), look.concentration(self.case)
        factor = number(folder["identity"]["salt"]["factor"]["value"])
        made = {number(item["concentration"]["value"]) for item in folder["preparation"]} | look.strengths("premix")
        who = look.group(self.case)
        if who not in (None, ADULT):
            weakest = number("0.01 mg/mL" if who == NEWBORN else "0.05 mg/mL")
            by_weight = {number(per_kg) * self.fact_weight() / 50 for per_kg in ("3 mg", "1 mg")}
            made |= {one for one in by_weight if weakest <= one <= number("1 mg/mL")}
        return found is not None and any(abs(found / (one * factor) - 1) <= Fraction(1, 100) for one in made)

    def fact_preparation_is_not_on_the_site_s_list(self) -> Known:
        return False

    # What changed: the newest, fresh, against what stands in the window before it.

    def earlier(self, what: str, fresh: int, window: int) -> tuple[Fraction, list[Fraction]] | None:
        newest = self.newest(what, Fraction(fresh))
        if newest is None:
            return None
        age = self.since(newest["at"])
        before = [self.value(item) for item in self.every(what) if age < self.since(item["at"]) <= age + window]
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

    def fact_systolic_fall_since_the_start(self) -> Fraction | Known:
        """Below the last pressure of the 6 h before the course began; where none is recorded, below the first since."""
        newest = self.newest("systolic blood pressure", Fraction(1))
        if newest is None or not history.recorded(self.case):
            return None
        began = history.course_began(self.case)
        if began is None:
            return False
        every = [(self.since(item["at"]), self.value(item)) for item in self.every("systolic blood pressure")]
        before = [value for age, value in every if -began <= age <= 6 - began]
        since = [value for age, value in every if age < -began]
        first = before[:1] or since[-1:]
        return max(first[0] - self.value(newest), Fraction(0)) if first else False

    def fact_mean_pressure_fall(self) -> Fraction | Known:
        return self.fall("mean arterial pressure", 1, 6, share=False)

    def fact_mean_pressure_share_lost(self) -> Fraction | Known:
        return self.fall("mean arterial pressure", 1, 6, share=True)

    def fact_heart_rate_change(self) -> Fraction | Known:
        found = self.earlier("heart rate", 1, 6)
        if found is None:
            return None
        newest, before = found
        return max(abs(newest - value) for value in before) if before else False

    # The body.

    def fact_weight_is_unusual_for_the_age(self) -> bool:
        return look.group(self.case) != ADULT and max(self._beyond()) > 1

    def fact_times_beyond_the_weights_of_the_age(self) -> Fraction:
        may_be_early = look.weeks_at_birth(self.case) is None and look.group(self.case) in (NEWBORN, None)
        return self._beyond()[0] if may_be_early else max(self._beyond())

    def _beyond(self) -> tuple[Fraction, Fraction]:
        birth = look.weeks_at_birth(self.case)
        if look.group(self.case) == NEWBORN and birth is not None and birth < 37:
            return Fraction(0), Fraction(0)
        kinds = content("vocabulary/measurements.toml")["measurement"]
        (kind,) = [kind for kind in kinds if kind["name"] == "body weight"]
        low, high = self._usual(kind, Fraction(0))
        for band in kind["band"]:
            start, end = number(band["age_from"]) / 8766, number(band["age_to"]) / 8766
            if start <= self.age() < end:
                low, high = self._usual(band, (self.age() - start) / (end - start))
        return self.fact_weight() / high, low / self.fact_weight()

    def _usual(self, band: dict[str, Any], part: Fraction) -> tuple[Fraction, Fraction]:
        low, high = (
            first + part * (number(band[last]["value"]) - first if last in band else 0)
            for first, last in (
                (number(band["plausible_minimum"]["value"]), "minimum_at_end"),
                (number(band["plausible_maximum"]["value"]), "maximum_at_end"),
            )
        )
        return low, high

    def fact_weight_over_squared_height(self) -> Fraction | bool:
        height = self.fact_height()
        if height is None or look.years_of_age(self.case) < 1:
            return False
        meters = height / 100
        return self.fact_weight() / (meters * meters)

    def fact_pressures_are_in_the_wrong_order(self) -> bool:
        rising = ("diastolic blood pressure", "mean arterial pressure", "systolic blood pressure")
        if any(self.machine((name,), Fraction(0)) is True for name in OTHER_PULSE):
            return False
        newest = [self.newest(name, None) for name in rising]
        return any(
            self.value(low) > self.value(high) and abs(self.since(low["at"]) - self.since(high["at"])) <= Fraction(1, 4)
            for place, high in enumerate(newest)
            for low in newest[:place]
            if low is not None and high is not None
        )

    def other_weight(self, what: str) -> Fraction | None:
        newest = self.newest(what, None)
        return None if newest is None else number(newest["value"])

    def fact_weight_change(self) -> Fraction | bool:
        other = self.other_weight("body weight")
        return False if other is None else abs(self.fact_weight() - other) / min(self.fact_weight(), other) * 100

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

    def fact_preparation_is_diluted(self) -> Known:
        product = (self.case.get("preparation") or {}).get("product")
        if not self.has_regimen:
            return False
        if product != "vial":
            return None if product is None else False
        strength = look.concentration(self.case)
        return None if strength is None else strength < min(look.strengths("vial"))
