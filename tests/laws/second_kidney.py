"""A second reading of the kidney: which creatinine counts, whether it changes, every estimate, and which one doses.

It shares no code with `inotrope.patient`: fractions and a floating-point power stand for its decimals. Equations and
choices are those of docs/facts/patient.md, section Kidney; its limits are the numbers of the vocabulary's file.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from tests.laws import second_look as look
from tests.laws.printed import ADULT
from tests.laws.second_look import Known, number
from tests.laws.second_record import Record, vocabulary_limit

MACHINES = ("CRRT", "hemodialysis", "peritoneal dialysis")
SERUM = "serum creatinine"


def limit(key: str) -> Fraction:
    """Return a limit of the vocabulary's tables."""
    return vocabulary_limit(f"@vocabulary:{key}")


def any_known(*parts: Known) -> Known:
    """Return Kleene's or."""
    return True if True in parts else None if None in parts else False


class KidneyFacts(Record):
    """The facts about the kidney of one case document, and of the clearance that the reader assumed."""

    assumed: Fraction | None = None

    @cached_property
    def creatinines(self) -> list[tuple[Fraction, Fraction]]:
        """Hours ago and mg/dL, newest first; of one moment the higher first, since it gives the lower clearance."""
        found = [(self.since(item["at"]), number(item["value"])) for item in self.every(SERUM)]
        return sorted(found, key=lambda pair: (pair[0], -pair[1]))

    @cached_property
    def week(self) -> list[tuple[Fraction, Fraction]]:
        """Those of earlier moments in the week before the newest, as hours before it and mg/dL."""
        first = self.creatinines[0][0] if self.creatinines else Fraction(0)
        return [
            (age - first, value) for age, value in self.creatinines if 0 < age - first <= limit("kdigo.ratio_window")
        ]

    @cached_property
    def baseline(self) -> Fraction | None:
        """The newest baseline creatinine, mg/dL."""
        newest = self.newest("baseline creatinine", None)
        return None if newest is None else number(newest["value"])

    def contradicts(self) -> bool:
        """Tell whether two creatinines of one moment, in the week up to the newest, cannot be one result."""
        items = [item for item in self.every(SERUM) if self.since(item["at"]) - self.creatinines[0][0] <= 168]
        return any(
            self.since(one["at"]) == self.since(other["at"]) and _two_results(one["value"], other["value"])
            for place, one in enumerate(items)
            for other in items[:place]
        )

    @cached_property
    def changing(self) -> Known:
        """KDIGO stage 1 or more, 20 % within a day, or too little urine."""
        low = self.newest("urine output", limit("kidney.changing_window"))
        stated = self.said("oliguria")
        little = stated if low is None else stated is True or self.value(low) < limit("kdigo.stage_1_urine")
        return any_known(self._moves(), little)

    def _moves(self) -> Known:
        if not self.creatinines:
            return None
        newest = self.creatinines[0][1]
        beside = [value for _, value in self.week] + ([] if self.baseline is None else [self.baseline])
        two_days = [(hours, value) for hours, value in self.week if hours <= limit("kdigo.stage_1_rise_window")]
        day = limit("kidney.changing_window")
        if (
            any(newest / value >= limit("kdigo.stage_1_ratio") for value in beside)
            or any(newest - value >= limit("kdigo.stage_1_rise") for _, value in two_days)
            or any(
                abs(newest - value) / value * min(1, day / hours) * 100 >= limit("kidney.changing_difference")
                for hours, value in two_days
            )
        ):
            return True
        return False if beside or self.creatinines[-1][0] > self.creatinines[0][0] else None

    @cached_property
    def fresh(self) -> Fraction:
        """Hours for which a creatinine sets a rate."""
        return limit("kidney.creatinine_fresh_when_changing" if self.changing else "kidney.creatinine_fresh")

    @cached_property
    def usable(self) -> bool:
        """Whether there is a creatinine, fresh and without a contradiction."""
        return bool(self.creatinines) and self.creatinines[0][0] <= self.fresh and not self.contradicts()

    @cached_property
    def estimates(self) -> dict[str, Fraction]:
        """Every estimate that a usable creatinine allows, mL/min/1.73 m2."""
        if not self.usable:
            return {}
        newest, height = self.creatinines[0][1], self.fact_height()
        if look.group(self.case) != ADULT:
            known = height is not None and self.age() >= limit("equations.schwartz_2009_age_minimum") / 8766
            return {"schwartz_2009": Fraction("0.413") * height / newest} if known and height is not None else {}
        found = {"ckd_epi_2021": self.filtration(newest)}
        if height is None:
            return found
        found["cockcroft_gault"] = self.steady / newest
        if self.week:
            found["jelliffe_2002"] = self._jelliffe()
            if self.baseline is not None:
                found["kinetic_gfr"] = self.kinetic()
        return found

    @cached_property
    def indexing(self) -> Fraction:
        """1.73 m2 by the body surface of Mosteller."""
        height = self.fact_height()
        assert height is not None  # asked only with a height
        return limit("body.reference_surface") / Fraction(float(height * self.fact_weight() / 3600) ** 0.5)

    @cached_property
    def steady(self) -> Fraction:
        """What Cockcroft-Gault divides by the creatinine, indexed: creatinine times clearance is one number."""
        woman = Fraction("0.85") if self.case["patient"]["sex"] == "female" else 1
        return (140 - look.years_of_age(self.case)) * self.fact_weight() / 72 * woman * self.indexing

    def filtration(self, creatinine: Fraction) -> Fraction:
        """Return CKD-EPI 2021 (Inker, NEJM 385:1737) for a creatinine in mg/dL."""
        female, age = self.case["patient"]["sex"] == "female", look.years_of_age(self.case)
        k, power = (0.7, -0.241) if female else (0.9, -0.302)
        ratio = float(creatinine) / k
        found = 142 * min(ratio, 1) ** power * max(ratio, 1) ** -1.2 * 0.9938**age * (1.012 if female else 1)
        return Fraction(found)

    def kinetic(self) -> Fraction:
        """Return Chen 2013 (JASN 24:877): what is made while nothing changes, less the share that stays in the body."""
        hours, before = self.week[0]
        newest = self.creatinines[0][1]
        stays = (newest - before) / (limit("equations.kinetic_gfr_maximum_daily_rise") * hours / 24)
        return max(self.steady * 2 / (newest + before) * (1 - stays), Fraction(0))

    def _jelliffe(self) -> Fraction:
        """Return Jelliffe 2002 (Am J Nephrol 22:320), indexed: what is made less what gathers, by the mean."""
        hours, before = self.week[0]
        newest, age = self.creatinines[0][1], look.years_of_age(self.case)
        mean = (newest + before) / 2
        female = self.case["patient"]["sex"] == "female"
        made = Fraction("25.3") - Fraction("0.175") * age if female else Fraction("29.3") - Fraction("0.203") * age
        per_kg = made * (Fraction("1.035") - Fraction("0.0337") * mean) - 4 * (newest - before) * 24 / hours
        return max(per_kg * self.fact_weight() / (Fraction("14.4") * mean) * self.indexing, Fraction(0))

    @cached_property
    def reported(self) -> Fraction | None:
        """A reported eGFR that is as fresh as a creatinine must be."""
        newest = self.newest("eGFR", self.fresh)
        return None if newest is None else number(newest["value"])

    @cached_property
    def measured(self) -> tuple[str, Fraction] | None:
        """Which value the record itself gives, and how much; None where it gives none."""
        found = self.estimates
        if "schwartz_2009" in found:
            chosen = "schwartz_2009"
        elif "cockcroft_gault" not in found:
            return None  # without a height nothing is indexed
        else:
            lowest = min(found.values())
            ties = [name for name in ("cockcroft_gault", *found) if found[name] == lowest]
            chosen = ties[0] if self.changing else "cockcroft_gault"
        apart = self._from_reported()
        conflict = isinstance(apart, Fraction) and apart > limit("kidney.egfr_conflict")
        if conflict and self.reported is not None and self.reported < found[chosen]:
            return "reported", self.reported
        return chosen, found[chosen]

    @cached_property
    def clearance(self) -> Fraction | None:
        """What doses: the assumption, else what the record gives and no rule of age or time forbids."""
        if self.assumed is not None:
            return self.assumed
        return None if self.measured is None else self.measured[1]

    @cached_property
    def replaced(self) -> bool:
        """Whether a machine cleans the blood, or did less than 48 h ago: then a creatinine is the machine's."""
        return bool(self.machine(MACHINES, Fraction(48)))

    # --- the facts ---------------------------------------------------------------------------------------------------

    def fact_kidney_clearance(self) -> Fraction | Known:
        if self.replaced:
            return False
        if self.clearance is not None:
            return self.clearance
        # Below the age of an equation the record says it, and there is nothing to compare.
        infant = look.years_of_age(self.case) < 1 and self.said("renal impairment") is not None
        return False if infant and not (self.creatinines and self.contradicts()) else None

    def fact_creatinine_is_changing(self) -> Known:
        return False if self.replaced else self.changing

    def fact_child_s_kidney_is_impaired(self) -> Known:
        if look.group(self.case) == ADULT:
            return False
        return any_known(self.said("renal impairment"), self.changing)

    def fact_difference_between_estimates(self) -> Fraction | Known:
        if self.replaced or look.group(self.case) != ADULT or self.changing:
            return False  # then the lowest of all estimates doses, and their distance is no question
        gault, other = self.estimates.get("cockcroft_gault"), self.estimates.get("ckd_epi_2021")
        return None if gault is None or other is None else abs(gault - other) / gault * 100

    def fact_difference_from_reported_egfr(self) -> Fraction | Known:
        return False if self.replaced else self._from_reported()

    def _from_reported(self) -> Fraction | Known:
        newest = self.newest("eGFR", self.fresh)
        if newest is None:
            return False
        if not {"ckd_epi_2021", "schwartz_2009"} & set(self.estimates):
            return None
        at = datetime.fromisoformat(newest["at"])
        beside = min(self.every(SERUM), key=lambda item: abs(datetime.fromisoformat(item["at"]) - at))
        creatinine = number(beside["value"])
        if look.group(self.case) == ADULT:
            base = self.filtration(creatinine)
        else:
            base = self.estimates["schwartz_2009"] * self.creatinines[0][1] / creatinine
        return abs(number(newest["value"]) - base) / base * 100

    def fact_kinetic_estimate_is_the_lowest(self) -> Known:
        """Is it the one that doses? Unknown where only a baseline is missing, and the table would then give less."""
        if self.replaced or self.assumed is not None or look.group(self.case) != ADULT:
            return False
        if not self.changing or self.measured is None:
            return False
        if self.baseline is not None or not self.week:
            return self.measured[0] == "kinetic_gfr"
        would = self.kinetic()
        return None if would < self.measured[1] and would <= self.table_ends() else False

    def table_ends(self) -> Fraction:
        """Return the clearance up to which the entry's renal table reaches; below every clearance where it has none."""
        raise NotImplementedError

    def fact_assumed_kidney_is_above_the_measured_one(self) -> Known:
        return self.assumed is not None and self.measured is not None and self.assumed > self.measured[1]


def _two_results(one: str, other: str) -> bool:
    """Tell whether two creatinines differ by more than the rounding of the last digit that was written."""
    if one.partition(" ")[2] == other.partition(" ")[2]:
        return number(one) != number(other)
    return abs(number(one) - number(other)) > _half_digit(one) + _half_digit(other)


def _half_digit(text: str) -> Fraction:
    value, unit = text.split(maxsplit=1)
    exponent = Decimal(value).as_tuple().exponent
    assert isinstance(exponent, int)
    return number(f"1 {unit}") * Fraction(10) ** exponent / 2
