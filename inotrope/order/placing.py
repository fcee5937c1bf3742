"""What each quantity of a text is for: told by its dimension, the words around it, and whether a load is open.

Knows how orders are worded. Where the words leave it open it says so, and the order is refused.
"""

from __future__ import annotations

from inotrope.order.patterns import AN_INTERVAL
from inotrope.order.statements import Kind
from inotrope.order.surroundings import Surroundings
from inotrope.order.tokens import Sort, Token
from inotrope.patient import vocabulary

TAKEN_OUT = "diluent taken out; not compared"
_LABORATORY = frozenset({"mg/dL", "ng/mL", "mcg/L"})
_IN_BAG = frozenset({Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT, Kind.VOLUME, Kind.DRUG_VOLUME, Kind.CONCENTRATION})
_AGES = frozenset({"year", "month", "week"})


class Placing(Surroundings):
    """Takes each quantity for what it is."""

    def _kind(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        """Return what a quantity is for; a text is a reason to pass it over, or with `!` to refuse."""
        assert token.high is not None
        value = token.high.value
        if index in self.roles:
            return self.roles[index]
        reader = {
            "body weight": self._weight,
            "rate per body weight": self._rate,
            "mass rate": self._mass_rate,
            "dose per body weight": self._dose,
            "mass": self._mass,
            "volume": self._volume,
            "flow": self._flow,
            "flow per body weight": self._flow_per_weight,
            "mass concentration": self._concentration,
            "time": self._time,
        }.get(value.dimension)
        if reader is not None:
            return reader(index, token, before)
        if value.dimension in ("pressure", "rate of beats", "length"):
            return "a measured value; not compared"
        return f"!{value.dimension} has no place in an infusion order"

    def _weight(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        named = before | self._weight_named_after(index)
        if "earlier_weight" in named:
            return Kind.EARLIER_WEIGHT
        if "other_weight" in named:
            return Kind.IDEAL_WEIGHT
        if token.low != token.high:
            return "!a weight is no range"
        if "birth_weight" in named:
            self.birth_weight = index
        if "first_weight" in named:
            self.first_weight = index
        self.other_sort = self.other_sort or "other_sort" in named
        if "dosing_weight" in before:
            self.dosing_weight = index
        return Kind.WEIGHT

    def _rate(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if "highest" in before and token.high.value.unit.endswith("/day"):
            return Kind.DAY_CAP
        if "previous" in before:
            return Kind.EARLIER_RATE
        follows = self._at(index + 1)
        each = follows is not None and follows.sort is Sort.PASSED and follows.says == AN_INTERVAL
        if "step" in before or ("titrate" in before and each):
            return Kind.STEP
        if self._equals(index, -1):
            return Kind.RATE_PER_ML_PER_H
        load_known = self._has(Kind.LOAD_DOSE, Kind.LOAD_AMOUNT, Kind.LOAD_RATE)
        if self.load and not load_known and self._stage_time_follows(index):
            return Kind.LOAD_RATE
        self.load = False
        if "highest" in before or ("titrate" in before and self._has(Kind.RATE)):
            return Kind.HIGHEST
        if "lowest" in before:
            return Kind.LOWEST
        known = [item for item in self._of(Kind.RATE) if token.low is not None and item.low != token.low.value]
        return Kind.HIGHEST if known and "infusion" in before and not self._flow_follows(index) else Kind.RATE

    def _mass_rate(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        return "an earlier rate; not compared" if "previous" in before else Kind.MASS_RATE

    def _dose(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if "highest" in before:
            return "a cap of the order; not compared"
        if token.high.unit == "mg/kg" and not self.load and self._into_volume(index):
            return Kind.AMOUNT_PER_WEIGHT
        day = None if self.load else self._day_over(index)
        if day is not None and "load" not in self._cues_after(index):
            self.roles[day] = Kind.TOTAL_TIME
            return Kind.TOTAL_PER_WEIGHT
        if self.load or "load" in self._cues_after(index) or self._time_follows(index) or self._sum_in_time(index):
            self.load = True
            return Kind.LOAD_DOSE
        if self._load_text and not self._has(Kind.LOAD_DOSE):
            return Kind.LOAD_DOSE
        if token.high.unit == "mg/kg" and self._volume_anywhere:
            return Kind.AMOUNT_PER_WEIGHT
        return "!it has no time: a rate needs one, and a load needs to be called one"

    def _mass(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.unit == "g":
            return "!a weight is read in kg only, and no milrinone is ordered in grams"
        if "load" in self._cues_after(index, 1):
            return Kind.LOAD_AMOUNT
        if self._opens_load(index):
            return Kind.LOAD_AMOUNT
        if self._into_volume(index) and not (self.load and self._is_load_made_up(index)):
            return Kind.AMOUNT
        time = None if self.load else self._hours_over(index)
        if time is not None and "highest" in before:
            self.roles[time] = "the time of a cap; not compared"
            return "a cap of the order; not compared"
        if time is not None and (not self._load_text or self._has(Kind.RATE, Kind.MASS_RATE, Kind.PUMP_RATE)):
            self.in_time.append((index, time))
            return Kind.AMOUNT
        if self.load or (self._load_text and not self._has(Kind.LOAD_AMOUNT) and not self._bag_volume_anywhere):
            return Kind.LOAD_AMOUNT
        return Kind.AMOUNT

    def _volume(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        after = self._cues_after(index)
        if before & {"carrier", "maintenance_fluid"}:
            return "another fluid; not compared"
        if "removed" in before and after & {"from", "other_time"}:
            return TAKEN_OUT
        if "vtbi" in before or "vtbi" in after:
            return "volume to be infused" if self._has(Kind.VOLUME) else Kind.VOLUME
        previous = self._statement_before(index)
        in_bag = previous is not None and previous.kind in (Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT)
        if in_bag and "into" in before | self._marks_before(index):
            return Kind.VOLUME
        into = "into" in before | self._marks_before(index)
        if self.load and into and self._has(Kind.LOAD_AMOUNT, Kind.LOAD_VOLUME):
            return Kind.LOAD_DILUTED
        if not self._has(*_IN_BAG):
            self._opens_load(index)
        if self._strength_follows(index):
            return Kind.LOAD_VOLUME if self.load else Kind.DRUG_VOLUME
        of_vial = previous is not None and previous.kind is Kind.VIAL_STRENGTH and not self._has(Kind.DRUG_VOLUME)
        if of_vial and self._adds_up(index):
            return Kind.DRUG_VOLUME
        if not self.load and not self._has(*_IN_BAG) and self._is_sum(index):
            return Kind.DRUG_VOLUME
        if self._has(Kind.DRUG_VOLUME) and ("added" in before | self._marks_before(index) or self._added_to(index)):
            return Kind.DILUENT_VOLUME
        if self.load:
            return Kind.LOAD_VOLUME
        if "vial" in after and not self._has(Kind.VOLUME) and self._has(Kind.AMOUNT, Kind.CONCENTRATION):
            return "size of a vial; not compared"
        return Kind.VOLUME

    def _flow(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.value.unit in ("L/min", "L/h"):
            return "!no infusion runs in liters"
        if "maintenance_fluid" in before:
            return Kind.OTHER_FLOW
        if "carrier" in before:
            return Kind.LINE_FLOW
        if "previous" in before:
            return Kind.EARLIER_FLOW
        if self._equals(index, 1):
            return Kind.SCALE_PUMP_RATE
        if self.load:
            return Kind.LOAD_PUMP_RATE
        last = self._statement_before(index)
        by_step = last is not None and last.kind is Kind.STEP and self._stands_beside(index) and "highest" not in before
        if by_step or ("step" in before and self._has(Kind.PUMP_RATE)):
            return Kind.STEP_PUMP_RATE
        again = any(item.low == token.high.value for item in self._of(Kind.PUMP_RATE))
        later = "infusion" in before and self._has(Kind.PUMP_RATE)
        if "highest" in before or (not again and (later or (last is not None and last.kind is Kind.HIGHEST))):
            return Kind.HIGHEST_PUMP_RATE
        return Kind.PUMP_RATE

    def _flow_per_weight(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        return Kind.PUMP_RATE_PER_WEIGHT

    def _concentration(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.value.unit in _LABORATORY:
            return "!it is a unit of the laboratory, and nothing says what was measured"
        last = self._statement_before(index)
        drawn = last is not None and last.kind in (Kind.LOAD_VOLUME, Kind.DRUG_VOLUME) and self._linked(index)
        if drawn and last is not None:
            return Kind.LOAD_STRENGTH if last.kind is Kind.LOAD_VOLUME else Kind.VIAL_STRENGTH
        undiluted = vocabulary().limit("order.undiluted").value
        if token.low == token.high and token.high.value == undiluted and self._is_sum(index + 1):
            return Kind.VIAL_STRENGTH  # `1 mg/mL 20 mL + 80 mL`
        if "vial" in self._cues_after(index, 1) | before:
            return Kind.LOAD_STRENGTH if self.load else Kind.VIAL_STRENGTH
        return Kind.CONCENTRATION

    def _time(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.value.unit in _AGES and not before & {"over", "lasts"}:
            return "an age; not compared"
        if self._cues_after(index, 1) & {"other_time", "moment"} and not before & {"over", "lasts"}:
            return "a time; not compared"
        if "bag_life" in before and token.high.value.unit in ("h", "day"):
            return Kind.BAG_LIFE
        at_least = "over" in before and "highest" not in before  # `over at least 10 min`
        if self.load and (at_least or not before & {"other_time", "highest"}):
            return Kind.LOAD_TIME
        if before & {"bag_change"} and before & {"moment", "other_time"}:
            return Kind.BAG_CHANGE
        last = self._statement_before(index)
        changed = self._clause_before(index) & {"changed", "previous"}
        if "over" in before and last is not None and last.kind is Kind.RATE and changed:
            return "the time of a change; not compared"
        if "over" in before:
            return Kind.BAG_TIME
        if before & {"other_time", "highest", "moment", "step"} and "lasts" not in before:
            return "a time; not compared"
        return Kind.COURSE
