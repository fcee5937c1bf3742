"""A dose to a pump setting and back, for one weight and one bag: what a converter at the bedside is asked.

Knows how a concentration is written on a label, and that what no product can be ends before anything is computed. It
looks at no patient, no kidney and no rule of safety, and proposes nothing.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from inotrope.dosing import Conversion, counted_as_salt, dose_to_pump, pump_to_dose, standard_preparations
from inotrope.dosing.conversion import why_no_product
from inotrope.drug import Drug, Entry, load_drug
from inotrope.errors import InotropeError, RequestError, nearest, shorten
from inotrope.patient import vocabulary
from inotrope.patient.measuring import possible
from inotrope.plan.notice import NOTICE
from inotrope.plan.plain import to_plain
from inotrope.units import Quantity, read_quantity

_IN_VOLUME = re.compile(r"(?P<amount>[^/]+?)\s*(?:/|\bin\b|\bper\b)\s*(?P<volume>[0-9].*)", re.DOTALL)
"""An amount in a volume that has a number of its own; `mg/mL` has none."""


@dataclass(frozen=True, slots=True)
class Converted:
    """One conversion, and what it was made with.

    Attributes:
        drug: Its folder.
        entry: Whose range is compared.
        weight: Of the body.
        concentration: Of the bag, as it was written.
        step: The pump's; None where a pump setting was asked for, which is not rounded.
        conversion: What comes out, with its arithmetic.
        assumed: What was taken because nobody said it, as a sentence; empty where nothing was.
    """

    drug: Drug
    entry: Entry
    weight: Quantity
    concentration: Quantity
    step: Quantity | None
    conversion: Conversion
    assumed: str

    def to_plain(self) -> dict[str, Any]:
        """Return what `inotrope dose --json` writes."""
        about: dict[str, object] = {"drug": self.drug.name, "entry": self.entry.id, "weight": self.weight}
        about |= {"concentration": self.concentration}
        about |= {} if self.step is None else {"step": self.step}
        plain: dict[str, Any] = to_plain(about) | to_plain(self.conversion)
        return plain | {"assumed": self.assumed, "notice": NOTICE}


@dataclass(frozen=True, slots=True)
class NotConverted:
    """A concentration that no product can have: no rate is worked out, and why."""

    drug: Drug
    stopped: str

    def to_plain(self) -> dict[str, Any]:
        """Return what `inotrope dose --json` writes."""
        return {"drug": self.drug.name, "stopped": self.stopped, "notice": NOTICE}


def convert_dose(
    *,
    weight: str,
    concentration: str,
    rate: str | None = None,
    pump: str | None = None,
    step: str | None = None,
    entry: str | None = None,
    drug: str = "milrinone",
) -> Converted | NotConverted:
    """Convert a rate to a pump setting, or a pump setting to a rate; every text as it was typed.

    Args:
        weight: Such as `70 kg`.
        concentration: Of the bag: `200 mcg/mL`, or an amount in a volume, `20 mg/100 mL`.
        rate: Such as `0.5 mcg/kg/min`; exactly one of `rate` and `pump`.
        pump: Such as `10.5 mL/h`.
        step: The pump's smallest step, with a rate only; by default the entry's.
        entry: The id of the dosing entry whose range is compared; by default the folder's first, and the answer says
            so.
        drug: Its name.

    Raises:
        RequestError: Neither or both of rate and pump, a step beside a pump setting, an unknown drug or entry.
        UnitError, CaseError: A text that is no such quantity, or an impossible weight.
    """
    if (rate is None) == (pump is None):
        both = "neither" if rate is None else "both"
        says = f"Rate and pump setting: {both} given. Write the one that is to be converted."
        raise RequestError(says, accepted="exactly one of rate and pump", where="rate")
    if pump is not None and step is not None:
        says = "A pump setting is not rounded, and takes no step. Leave the step out."
        raise RequestError(says, value=step, where="step")
    folder = load_drug(drug)
    chosen = folder.entries[0] if entry is None else _named(folder, entry)
    with _Asked("concentration"):
        bag = read_concentration(concentration)
    wrong, asked = doubts_of(bag, folder, chosen)
    if wrong:
        return NotConverted(folder, wrong)
    nobody = f"NOBODY SAID FOR WHOM: the range of {chosen.authority}, {chosen.indication}, is taken"
    assumed = ". ".join(filter(None, (nobody if entry is None else "", asked)))
    finest = chosen.rounding.pump_step.value
    if step is not None:
        with _Asked("step"):
            finest = read_quantity(step, what="Pump step", dimensions=("flow",))
    with _Asked("weight"):
        read_weight(weight)
    with _Asked("pump" if rate is None else "rate"):
        return convert(
            folder, chosen, concentration=bag, weight=weight, step=finest, rate=rate, pump=pump, assumed=assumed
        )


def convert(
    drug: Drug,
    entry: Entry,
    *,
    concentration: Quantity,
    weight: str,
    step: Quantity,
    rate: str | None,
    pump: str | None,
    assumed: str = "",
) -> Converted:
    """Convert by an entry at hand; arguments as `convert_dose`, the concentration one that a product can have.

    Raises:
        UnitError, CaseError: A text that is no such quantity, or an impossible weight.
    """
    body = read_weight(weight)
    if rate is not None:
        asked = read_quantity(rate, what="Rate", dimensions=("rate per body weight",))
        found = dose_to_pump(asked, weight=body, concentration=concentration, step=step, entry=entry)
    else:
        flow = read_quantity(pump, what="Pump rate", dimensions=("flow",))
        found = pump_to_dose(flow, weight=body, concentration=concentration, entry=entry)
    return Converted(drug, entry, body, concentration, None if rate is None else step, found, assumed)


def doubts_of(concentration: Quantity, drug: Drug, entry: Entry) -> tuple[str, str]:
    """Return why no product can have a concentration, else what the pharmacy is to be asked of it; or neither."""
    wrong = why_no_product(concentration, drug, entry)
    salt = counted_as_salt(concentration, standard_preparations(drug), drug)
    return wrong, f"ASK THE PHARMACY whether the salt was counted: {salt[0]}" if salt and not wrong else ""


def read_concentration(text: str) -> Quantity:
    """Read a concentration, also as labels and orders write it: an amount in a number of mL, `20 mg/100 mL`.

    Returns:
        As it is written; an amount in a volume in mg/mL.

    Raises:
        UnitError: No concentration, or an amount or a volume that is none.
    """
    parts = _IN_VOLUME.fullmatch(text)
    if parts is None:
        return read_quantity(text, what="Concentration", dimensions=("mass concentration",))
    amount = read_quantity(parts["amount"], what="Amount of the concentration", dimensions=("mass",))
    volume = read_quantity(parts["volume"], what="Volume of the concentration", dimensions=("volume",))
    return Quantity(amount.in_unit("mg") / volume.in_unit("mL"), "mg/mL")


def read_weight(text: str) -> Quantity:
    """Read a body weight, inside the limits of what the vocabulary holds possible.

    Raises:
        UnitError: No weight.
        CaseError: An impossible one.
    """
    return possible(vocabulary(), "body weight", text, "Weight", ("body weight",))


class _Asked(AbstractContextManager[None]):
    """Puts the name of what was asked with on an error that leaves the block."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __exit__(self, kind: object, problem: BaseException | None, trace: object, /) -> None:
        if isinstance(problem, InotropeError):
            problem.at(self._name)


def _named(drug: Drug, id_: str) -> Entry:
    found = next((entry for entry in drug.entries if entry.id == id_), None)
    if found is None:
        known = [entry.id for entry in drug.entries]
        says = f"'{shorten(id_)}' is no dosing entry of {drug.name}; {nearest(id_, known)}."
        raise RequestError(says, value=id_, accepted=", ".join(known), where="entry")
    return found
