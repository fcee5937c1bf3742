"""A second reading of the rates: what runs, what ran, what may run, what the pump makes of it, and the bag.

It shares no code with `inotrope.dosing` or `inotrope.safety`. Whatever a stopped plan hides is worked out here again,
from the document: the ceiling, the rate ordered, its setting. Of the plan it takes whether a rate was refused, and
which findings withhold a load. Rates are mcg/kg/h, flows mL/h, times hours.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.laws import printed
from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.printed import ADULT, CHILD, NEWBORN, Printed, renal_line
from tests.laws.second_kidney import KidneyFacts
from tests.laws.second_look import Known, number
from tests.laws.second_record import Document


class RateFacts(KidneyFacts):
    """The facts about rates, the pump and the bag."""

    def __init__(self, case: Document, plan: Any, assumed: Fraction | None = None) -> None:
        super().__init__(case)
        self.assumed = assumed
        self.plan = plan
        serving, self.no_entry = look.serving(case)
        who = look.group(case)
        groups = (NEWBORN, CHILD) if who is None else (who,)
        self.entry = serving[0] if serving else None
        self.entries = serving[:1] or [entry for entry in printed.PRINTED if entry.group in groups]
        """The one that serves; where none does, every one for the age."""
        self.has_regimen = not plan.refusals
        self.runs = history.infusion_runs(case)
        self.strength = look.concentration(case)

    def table_ends(self) -> Fraction:
        return Fraction(50 if self.entry is not None and self.entry.group == ADULT else -1)

    def each(self, way: Callable[[Printed], Fraction | Known]) -> Fraction | Known:
        """Return a fact that hangs on the entry; without one it is known where every entry for the age agrees."""
        if not history.recorded(self.case):
            return None
        found = [way(entry) for entry in self.entries]
        agree = len({(value is False, value) for value in found}) == 1  # nothing is not the number 0
        return found[0] if agree else None

    def loads(self, entry: Printed) -> bool:
        """Tell whether what runs is a load that this entry gives as a rate."""
        return history.is_loading(self.case, entry)

    # --- what runs and what ran --------------------------------------------------------------------------------------

    def fact_running_rate(self) -> Fraction | Known:
        rate = history.running_rate(self.case) if self.runs else False
        return self.each(lambda entry: False if self.loads(entry) else rate)

    def fact_highest_earlier_rate(self) -> Fraction | Known:
        return self.each(lambda entry: history.highest_earlier(self.case, entry))

    def fact_given_too_fast(self) -> Fraction | Known:
        return self.each(lambda entry: history.beyond(self.case, entry))

    def fact_time_since_a_load_that_was_too_fast(self) -> Fraction | Known:
        def since(entry: Printed) -> Fraction | Known:
            group = [other for other in printed.PRINTED if other.group == entry.group and other.load is not None]
            ends = history.too_fast_loads(self.case, group if entry.load is None else [entry])
            return -max(ends) if ends else False

        return self.each(since)

    def fact_runs_past_its_age(self) -> Known:
        runs = history.runs_now(self.case)
        if self.entry is not None or not runs:
            return False if self.entry is not None else runs
        birth, age = look.weeks_at_birth(self.case), look.hours_of_age(self.case)
        return any(
            entry.ends_at is not None and age >= entry.ends_at and entry.group == look.group(self.case)
            for entry in look.named(self.case)
            if birth is not None and look.within(birth, *entry.gestation)
        )

    # --- what may run ------------------------------------------------------------------------------------------------

    def ceiling(self) -> Fraction:
        """Return the highest rate: the printed one, the renal line, and what any 24 h leave of the cap."""
        assert self.entry is not None  # a rate is asked for beside a regimen only
        limits = [self.entry.top * 60]
        line = None
        if self.entry.group == ADULT:
            assert self.clearance is not None
            line = renal_line(self.clearance)
        limits += [] if line is None else [line * 60]
        if self.entry.cap is not None:
            limits.append(history.room(history.pieces(self.case), self.entry.cap, self.planned_load()))
        return min(limits)

    def planned_load(self) -> Fraction:
        """Return the mcg/kg of a load that is drawn up: 0.1 mL of 1 mg/mL, half up, by no more than 2 % too much."""
        assert self.entry is not None
        load = self.entry.load
        against = any(f.effect.value == "no load" and f.state.value == "fires" for f in self.plan.findings)
        if load is None or load.by_rate or against or not self.fact_load_is_due():
            return Fraction(0)
        tenths = load.low * self.fact_weight() / 100
        drawn = (tenths + Fraction(1, 2)) // 1
        return (drawn if drawn <= tenths * Fraction("1.02") else tenths // 1) * 100 / self.fact_weight()

    def fact_load_is_due(self) -> Known:
        if self.entry is None or self.entry.load is None:
            return False
        return not (history.runs_now(self.case) or history.was_given(self.case))

    def fact_running_rate_is_above_what_is_allowed(self) -> Known:
        if not self.has_regimen:
            return False
        if not history.recorded(self.case):
            return None
        assert self.entry is not None
        return self.runs and not self.loads(self.entry) and history.running_rate(self.case) > self.ceiling()

    # --- what the pump makes of it -----------------------------------------------------------------------------------

    def at_pump(self) -> tuple[Fraction, Fraction]:
        """Return the setting, mL/h, and what it stands for: of the rate that runs and may, else of the rate ordered.

        Half up, but down where half up would cross the ceiling.
        """
        assert self.entry is not None and self.strength is not None
        step = number((self.case.get("pump") or {}).get("step", "0.1 mL/h"))
        ceiling, flow_of = self.ceiling(), self.fact_weight() / self.strength
        if self.runs and not self.loads(self.entry) and history.running_rate(self.case) <= ceiling:
            flow = history.running_rate(self.case) * flow_of
        else:
            last = history.last_rate(self.case)
            flow = min(self.entry.start * 60, ceiling, *([] if last is None else [last])) * flow_of
        nearest = (flow / step + Fraction(1, 2)) // 1 * step
        return (flow // step * step if nearest > ceiling * flow_of else nearest), flow

    def fact_delivered_error(self) -> Fraction | Known:
        if not self.has_regimen:
            return False
        if self.strength is None:
            return None
        setting, meant = self.at_pump()
        return abs(setting / meant - 1) * 100

    def fact_pump_rate_is_below_its_minimum(self) -> Known:
        if not self.has_regimen or "minimum" not in (self.case.get("pump") or {}):
            return False
        return None if self.strength is None else self.at_pump()[0] < number(self.case["pump"]["minimum"])

    # --- the bag -----------------------------------------------------------------------------------------------------

    def fact_bag_lasts(self) -> Fraction | Known:
        bag = self.case.get("preparation") or {}
        if not self.has_regimen:
            return False
        if self.strength is None or "volume" not in bag:
            return None
        assert self.entry is not None
        flow = self.at_pump()[0]
        if self.runs and not self.loads(self.entry):
            flow = history.running_rate(self.case) * self.fact_weight() / self.strength
        lasts = number(bag["volume"]) / flow
        return lasts if self.entry.longest is None else min(lasts, Fraction(self.entry.longest))

    def fact_bag_should_be_empty(self) -> Known:
        """Did all that it held flow since it was hung? No more can."""
        bag = self.case.get("preparation") or {}
        if not self.runs or self.strength is None or not {"hung", "volume"} <= bag.keys():
            return False
        flowed = history.given(history.flowing(self.case), -self.since(bag["hung"]), Fraction(0))
        return flowed * self.fact_weight() >= number(bag["volume"]) * self.strength
