"""The loading dose: mass, volume of the product, minutes.

Knows the label's load and how it is measured out. The kidney does not change it (UK text: "the loading dose is not
affected"). It does not know whether the patient's pressure allows it: safety decides that, and hands the reason down.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.drug import Load
from inotrope.findings import SourceReference
from inotrope.units import Quantity, plain_number, step_down, step_half_up


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

    @property
    def mcg_per_kg(self) -> Decimal:
        """The rounded load per body weight, 0 when none is given."""
        return Decimal(0) if self.dose_per_weight is None else self.dose_per_weight.in_unit("mcg/kg")


def no_load(because: str, sources: tuple[SourceReference, ...] = ()) -> LoadingDose:
    """Return the absence of a load, with its reason."""
    return LoadingDose(False, because, None, None, None, (), None, (), (), (), sources)


def loading_dose(
    load: Load, *, weight: Quantity, product: str, strength: Quantity, only_if: tuple[str, ...] = ()
) -> LoadingDose:
    """Return the load for one patient.

    Args:
        load: The entry's load.
        weight: The dosing weight.
        product: Name of the product it is drawn from.
        strength: Of that product.
        only_if: What must be answered first, for the reader.

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
        f"{plain_number(rounded)} mL in {load.duration.value} = {flow.shown(1)}",
    )
    return LoadingDose(
        given=True,
        because="the label's load; the kidney does not change it",
        dose=Quantity(mass_mg, "mg"),
        dose_per_weight=Quantity(mass_mg * 1000 / weight_kg, "mcg/kg"),
        duration=load.duration.value,
        volumes=(Volume(Quantity(rounded, "mL"), product, strength),),
        pump_rate=flow,
        made_up_to=_made_up_to(load, Quantity(rounded, "mL"), strength),
        only_if=only_if,
        arithmetic=lines,
        sources=tuple(dict.fromkeys((load.dose.source, load.duration.source, load.volume_step.source))),
    )


def _made_up_to(load: Load, volume: Quantity, strength: Quantity) -> tuple[Quantity, ...]:
    """Return the volumes to which the load may be made up: of the vial's strength only, and larger than the load."""
    if strength != load.strength.value:
        return ()
    lowest, highest = load.dilute_to_minimum.value, load.dilute_to_maximum.value
    return (max(lowest, volume), highest) if volume < highest else ()
