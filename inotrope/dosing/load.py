"""The loading dose: mass, volume of the product, minutes; or a faster rate of the bag on the pump for some hours.

Knows the entry's load and how it is measured out. The kidney does not change it (UK text: "the loading dose is not
affected"). Where a text prints a range, the lowest dose over the longest time is proposed and the range is shown. It
does not know whether the patient's pressure allows it: safety decides that, and hands the reason down.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.dosing.ceiling import Ceiling, Limit
from inotrope.dosing.entry import has_reached
from inotrope.dosing.pump import to_pump
from inotrope.drug import Entry, Load, RateLoad, Sourced
from inotrope.findings import Refusal, SourceReference
from inotrope.patient import Case
from inotrope.units import Quantity, plain_number, step_down, step_half_up

LABELS_LOAD = "the label's load; the kidney does not change it"


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of one named product."""

    volume: Quantity
    product: str
    strength: Quantity


@dataclass(frozen=True, slots=True)
class LoadingDose:
    """The load as it is given, or why there is none.

    Attributes:
        given: False when there is none; then only `because` is filled.
        because: Why it is given, or why not.
        dose: Mass, as rounded.
        dose_per_weight: mcg/kg, as rounded.
        duration: Over which it runs.
        volumes: Each with its product and strength.
        pump_rate: mL/h that gives the undiluted volume in that time.
        made_up_to: Optional final volumes of a dilution, smallest and largest; empty where there is nothing to dilute.
        only_if: What is not known yet and must speak for the load before it is given.
        arithmetic: The lines a second person follows.
        sources: Where it comes from.
        dose_range: The doses that the text prints, where it prints more than one; else empty.
        duration_range: The times that it prints, likewise.
        rate: mcg/kg/min of a load that is given as a rate of the bag on the pump; None for one drawn up.
        entry_dose: mcg/kg that the entry orders, where the pump's step delivers another dose; else None.
        too_little: Why the volume is not given undiluted, and what to do; empty where it can be.
        setting: Why the pump cannot be set to `pump_rate`, and what to do; empty where it can, or nobody says its step.
    """

    given: bool
    because: str
    dose: Quantity | None
    dose_per_weight: Quantity | None
    duration: Quantity | None
    volumes: tuple[Volume, ...]
    pump_rate: Quantity | None
    made_up_to: tuple[Quantity, ...]
    only_if: tuple[str, ...]
    arithmetic: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    dose_range: str = ""
    duration_range: str = ""
    rate: Quantity | None = None
    entry_dose: Quantity | None = None
    setting: str = ""
    too_little: str = ""

    @property
    def hours_on_the_pump(self) -> Decimal:
        """For how long it keeps the infusion itself from running, in hours; 0 unless it is given as a rate."""
        return Decimal(0) if self.rate is None else self.hours

    @property
    def hours(self) -> Decimal:
        """For how long it goes in, in hours; 0 where none is given."""
        return Decimal(0) if self.duration is None else self.duration.in_unit("h")

    @property
    def mcg_per_kg(self) -> Decimal:
        """The rounded load per body weight, 0 when none is given."""
        return Decimal(0) if self.dose_per_weight is None else self.dose_per_weight.in_unit("mcg/kg")


def no_load(because: str, sources: tuple[SourceReference, ...] = ()) -> LoadingDose:
    """Return the absence of a load, with its reason."""
    return LoadingDose(False, because, None, None, None, (), None, (), (), (), sources)


def loading_dose(
    load: Load,
    *,
    weight: Quantity,
    product: str,
    strength: Quantity,
    step: Quantity | None = None,
    only_if: tuple[str, ...] = (),
    because: str = LABELS_LOAD,
) -> LoadingDose:
    """Return the load for one patient.

    Args:
        load: The entry's load.
        weight: The dosing weight.
        product: Name of the product it is drawn from.
        strength: Of that product.
        step: Of the pump; None where nobody says it.
        only_if: What must be answered first, for the reader.
        because: Why it is given.

    Returns:
        The load with its volume rounded half up to the entry's step, or down where half up would exceed the load by
        more than the entry's overshoot (a 33 kg patient: 1.65 mL is 1.6, since 1.7 is 3 % more). No load when even
        one step of volume is too much.
    """
    weight_kg = weight.in_unit("kg")
    per_kg = load.dose.value.in_unit("mcg/kg")
    strength_mcg_per_ml = strength.in_unit("mcg/mL")
    exact_ml = per_kg * weight_kg / strength_mcg_per_ml
    step_ml = load.volume_step.value.in_unit("mL")
    rounded = step_half_up(exact_ml, step_ml)
    note = ""
    if rounded > exact_ml * (1 + load.overshoot.value.in_unit("%") / 100):
        note = f"; {plain_number(rounded)} mL would be more than {load.overshoot.value} too much, so down"
        rounded = step_down(exact_ml, step_ml)
    if rounded == 0:
        return no_load(
            f"the load would be {plain_number(exact_ml)} mL, less than can be measured in steps of "
            f"{load.volume_step.value}: check the weight"
        )
    mass_mg = rounded * strength_mcg_per_ml / 1000
    minutes = load.duration.value.in_unit("min")
    flow = Quantity(rounded * 60 / minutes, "mL/h")
    lines = (
        f"{load.dose.value} x {weight} = {plain_number(per_kg * weight_kg)} mcg = "
        f"{plain_number(per_kg * weight_kg / 1000)} mg",
        f"{plain_number(per_kg * weight_kg / 1000)} mg / {strength.to('mg/mL')} = {plain_number(exact_ml)} mL, "
        f"draw up {plain_number(rounded)} mL{note}",
        f"{plain_number(rounded)} mL in {load.duration.value} = {flow.shown(4)}",
    )
    return LoadingDose(
        given=True,
        because=because,
        dose=Quantity(mass_mg, "mg"),
        dose_per_weight=Quantity(mass_mg * 1000 / weight_kg, "mcg/kg"),
        duration=load.duration.value,
        volumes=(Volume(Quantity(rounded, "mL"), product, strength),),
        pump_rate=flow,
        made_up_to=_made_up_to(load, Quantity(rounded, "mL"), strength),
        only_if=only_if,
        arithmetic=lines,
        sources=_once(
            load.dose,
            load.dose_maximum,
            load.duration,
            load.duration_minimum,
            load.volume_step,
            load.undiluted_least,
        ),
        dose_range=_range(load.dose, load.dose_maximum),
        duration_range=_range(load.duration_minimum, load.duration),
        setting="" if step is None else _setting(flow, step),
        too_little=_too_little(load, Quantity(rounded, "mL")),
    )


def load_by_rate(
    load: RateLoad,
    *,
    weight: Quantity,
    concentration: Quantity | None,
    step: Quantity,
    only_if: tuple[str, ...] = (),
    because: str = LABELS_LOAD,
) -> LoadingDose:
    """Return a load that runs as a faster rate of the bag or syringe on the pump.

    Args:
        load: The entry's load.
        weight: The dosing weight.
        concentration: Of what hangs on the pump; None where nobody says it, and then there is no mL/h.
        step: Of the pump.
        only_if: What must be answered first, for the reader.
        because: Why it is given.

    Returns:
        The load: what the pump delivers in that time, its rate rounded half up, or down where half up would be more
        than the highest rate of the text; without a concentration, rate x time per body weight. No load where even one
        step of the pump is too much.
    """
    rate = load.rate.value.to("mcg/kg/min")
    minutes, weight_kg = load.duration.value.in_unit("min"), weight.in_unit("kg")
    per_kg = rate.value * minutes
    lines = [
        f"{load.rate.value} x {load.duration.value} ({plain_number(minutes)} min) = {plain_number(per_kg)} mcg/kg",
        f"{plain_number(per_kg)} mcg/kg x {weight} = {plain_number(per_kg * weight_kg / 1000)} mg",
    ]
    pump, given = None, Quantity(per_kg, "mcg/kg")
    if concentration is not None:
        highest = load.highest
        says = f"the load's highest rate is {highest.value}"
        limit = Limit("load", highest.value.to("mcg/kg/min"), says, highest.source)
        pump = to_pump(rate, weight=weight, concentration=concentration, step=step, ceiling=Ceiling((limit,)))
        if pump.rate.value <= 0:
            return no_load(
                f"the load would run at {pump.exact.shown(3)}, less than one pump step of {step}: use a weaker "
                "preparation or a finer pump"
            )
        lines += [*pump.arithmetic, *((pump.says,) if pump.says else ())]
        given = Quantity(pump.delivered.value * minutes, "mcg/kg")
        if given.value != per_kg:
            lines.append(
                f"{pump.delivered.shown(4)} x {plain_number(minutes)} min = {given.shown(2)} x {weight} = "
                f"{Quantity(given.value * weight_kg / 1000, 'mg').shown(4)} delivered"
            )
    return LoadingDose(
        given=True,
        because=because,
        dose=Quantity(given.value * weight_kg / 1000, "mg"),
        dose_per_weight=given,
        duration=load.duration.value,
        volumes=(),
        pump_rate=None if pump is None else pump.rate,
        made_up_to=(),
        only_if=only_if,
        arithmetic=tuple(lines),
        sources=_once(load.rate, load.rate_maximum, load.duration),
        dose_range=_rate_range(load, minutes),
        rate=rate,
        entry_dose=None if given.value == per_kg else Quantity(per_kg, "mcg/kg"),
    )


def highest_load_mcg_per_kg(load: Load | RateLoad) -> Decimal:
    """Return the highest dose that the text prints, mcg/kg: that of its highest rate where the load is a rate."""
    if isinstance(load, RateLoad):
        return load.highest.value.in_unit("mcg/kg/min") * load.duration.value.in_unit("min")
    return (load.dose if load.dose_maximum is None else load.dose_maximum).value.in_unit("mcg/kg")


def no_time_left(entry: Entry, case: Case, load: LoadingDose) -> Refusal | None:
    """Return why nothing may be started any more of an entry that ends at an age; None where it fits.

    Of a load that would go on past that age, and of the infusion itself where the age is reached: a hospital may let
    an entry end before the ages are over that it serves.
    """
    until = entry.duration.until_age
    if until is None:
        return None
    age_h, ends_at = case.postnatal_age.in_unit("h"), until.value.in_unit("h")
    whose = "this site" if until.source.id == "site" else f"the {entry.authority}"
    if has_reached(until.value, case):
        says = (
            f"At an age of {Quantity(age_h, 'h').shown(2)} nothing is started: {whose} ends it at {until.value} of age."
        )
        return Refusal("no-time-left", says, ("age",), (until.source,))
    if not load.given or load.duration is None or age_h + load.duration.in_unit("h") <= ends_at:
        return None
    return Refusal(
        "no-time-left",
        f"The load takes {load.duration} and would end at an age of "
        f"{Quantity(age_h + load.duration.in_unit('h'), 'h').shown(2)}; {whose} ends it at {until.value} of age. "
        "There is no time left to start it.",
        ("age",),
        (until.source,),
    )


def _too_little(load: Load, volume: Quantity) -> str:
    """Say that a volume is too small to be given as it is drawn up; empty where it is not."""
    least = load.undiluted_least
    if least is None or volume >= least.value:
        return ""
    return (
        f"less than {least.value} ({least.source.status}): undiluted it may stay in the dead space of the "
        "line. Dilute it with a diluent of the label, to a volume that the pharmacist says and that fills the line "
        f"and more, and give all of it in {load.duration.value}"
    )


def _setting(flow: Quantity, step: Quantity) -> str:
    """Say that a pump cannot be set to a flow, with its nearest setting; empty where it can."""
    exact, by = flow.in_unit("mL/h"), step.in_unit("mL/h")
    if exact % by == 0:
        return ""
    nearest = step_half_up(exact, by)
    return (
        f"not settable on this pump (steps of {step}, the nearest is {plain_number(nearest)} mL/h): "
        "make it up to a larger volume or use a finer pump"
    )


def _once(*numbers: Sourced | None) -> tuple[SourceReference, ...]:
    return tuple(dict.fromkeys(number.source for number in numbers if number is not None))


def _range(low: Sourced | None, high: Sourced | None) -> str:
    """Say a printed range, such as `30 min to 60 min`, a unit on every number; empty where only one end is printed."""
    if low is None or high is None:
        return ""
    return f"{low.value.to(high.value.unit)} to {high.value}"


def _rate_range(load: RateLoad, minutes: Decimal) -> str:
    """Say the doses that a range of rates comes to, such as `24 mcg/kg to 75 mcg/kg (0.4 mcg/kg/min to ...)`."""
    rates = _range(load.rate if load.rate_maximum is not None else None, load.rate_maximum)
    lowest = load.rate.value.in_unit("mcg/kg/min") * minutes
    return (
        f"{plain_number(lowest)} mcg/kg to {plain_number(highest_load_mcg_per_kg(load))} mcg/kg ({rates})"
        if rates
        else ""
    )


def _made_up_to(load: Load, volume: Quantity, strength: Quantity) -> tuple[Quantity, ...]:
    """Return the volumes to which the load may be made up: of the vial's strength only, and larger than the load."""
    if strength != load.strength.value:
        return ()
    if load.dilute_to_minimum is None or load.dilute_to_maximum is None:
        return ()
    lowest, highest = load.dilute_to_minimum.value, load.dilute_to_maximum.value
    return (max(lowest, volume), highest) if volume < highest else ()
