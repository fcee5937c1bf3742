"""What was given, and what is ordered.

Knows that one MedicationAdministration is one dose or one segment of constant rate, that a flow says nothing without a
concentration, and that an order is nothing given. A rate that its own text contradicts is used in neither form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inotrope.drug import list_drugs
from inotrope.fhir.reading.codes import codes
from inotrope.fhir.reading.medications import Medicine, read_medicine_of
from inotrope.fhir.reading.plain import each, moment, start_and_end, table, text, words
from inotrope.fhir.reading.quantities import RATES, read_amount, read_rate
from inotrope.fhir.reading.record import Book, Kind
from inotrope.fhir.reading.resources import Record, Resource
from inotrope.order.reading import read_text
from inotrope.order.statements import Kind as Said
from inotrope.patient.reading import GIVEN_IN_ML
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, read_quantity, round_half_up

NOT_GIVEN = ("not-done", "planned", "preparation")
RAN = ("completed", "stopped", "in-progress", "on-hold")
ACTIVE_INTENTS = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
_DIGITS = 6
_DOSES = ("mass", "dose per body weight")
_RATES_IN_TEXT = (Said.RATE, Said.MASS_RATE, Said.PUMP_RATE)


@dataclass(frozen=True, slots=True)
class Given:
    """One administration.

    Attributes:
        resource: Where it comes from.
        of: The medicine.
        item: As a case writes it; None where what was given cannot be told.
    """

    resource: str
    of: Medicine
    item: dict[str, Any] | None


def read_given(resource: Resource, record: Record, book: Book, now: datetime, weight: str | None) -> Given | None:
    """Read one MedicationAdministration; None where it gave nothing or names no medicine."""
    content = resource.content
    status = words(content.get("status"))
    medicine = read_medicine_of(resource, record)
    if status == "entered-in-error":
        book.leave(resource.name, Kind.ENTERED_IN_ERROR, "Entered in error.")
        return None
    if status in NOT_GIVEN:
        book.leave(resource.name, Kind.PLANNED, f"{medicine.name or 'It'} was not given: its status is {status}.")
        return None
    if not medicine.name:
        assert medicine.kind is not None
        book.leave(resource.name, medicine.kind, medicine.says)
        return Given(resource.name, medicine, None)
    if status not in RAN:
        says = f"{medicine.name}: whether it was given is not said (status {status or 'absent'})."
        book.leave(resource.name, Kind.UNREADABLE, says)
        return Given(resource.name, medicine, None)
    item = _timed(resource, medicine, status, book, now)
    if item is None:
        return Given(resource.name, medicine, None)
    amount = _amount(resource, medicine, book, weight, ended="end" in item)
    if amount is None:
        return Given(resource.name, medicine, None)
    key, value, remark = amount
    item[key] = value
    until = f" to {item['end']}" if "end" in item else ""
    book.use(resource.name, "administrations", f"{medicine.name} {value} from {item['start']}{until}", remark)
    return Given(resource.name, medicine, item)


def _timed(resource: Resource, medicine: Medicine, status: str, book: Book, now: datetime) -> dict[str, Any] | None:
    start, end = start_and_end(resource.content, "effective")
    began, ended = moment(start), moment(end)
    if began is None or (end is not None and ended is None):
        book.leave(resource.name, Kind.NO_TIME, f"{medicine.name}: its time is not told with time and zone.")
        return None
    if began > now:
        book.leave(resource.name, Kind.AHEAD, f"{medicine.name}: it begins at {start}, after {now.isoformat()}.")
        return None
    if ended is not None and ended <= began:
        book.leave(resource.name, Kind.NO_TIME, f"{medicine.name}: its end {end} is not after its start {start}.")
        return None
    has_rate = any(key.startswith("rate") for key in table(resource.content.get("dosage")))
    if ended is None and status == "on-hold":
        book.leave(resource.name, Kind.ON_HOLD, f"{medicine.name}: on hold, and since when is not said.")
        return None
    if ended is None and status != "in-progress" and has_rate:
        book.leave(resource.name, Kind.NO_TIME, f"{medicine.name}: it is {status}, and when it ended is not said.")
        return None
    item: dict[str, Any] = {"of": medicine.name, "start": str(start)}
    return item if ended is None else item | {"end": str(end)}


def _amount(
    resource: Resource, medicine: Medicine, book: Book, weight: str | None, *, ended: bool
) -> tuple[str, str, str] | None:
    """Return the key (dose or rate), the value as a case writes it, and a remark."""
    dosage = table(resource.content.get("dosage"))
    rate = read_rate(dosage)
    in_text = _rate_in(text(dosage.get("text")))
    if rate is not None and rate.quantity is None:
        assert rate.kind is not None
        book.leave(resource.name, rate.kind, f"{medicine.name}: {rate.says}")
        return None
    if rate is None and "dose" in dosage:
        return _dose(resource, medicine, dosage["dose"], book, ended=ended)
    quantity = rate.quantity if rate is not None else in_text
    if quantity is None:
        book.leave(resource.name, Kind.NO_VALUE, f"{medicine.name}: neither a dose nor a rate is told.")
        return None
    remark = rate.says if rate is not None else "The rate stands only in the text."
    if quantity.dimension not in RATES:
        book.leave(resource.name, Kind.NO_UNIT, f"{medicine.name}: {quantity} is no rate.")
        return None
    if rate is not None and in_text is not None and _differ(quantity, in_text, weight):
        says = f"{medicine.name}: its rate is {quantity}, and its text says {in_text}. Neither is used."
        book.clash(says, resource.name)
        book.leave(resource.name, Kind.CONTRADICTED, says)
        return None
    if quantity.dimension == "flow":
        if medicine.concentration is None:
            why = medicine.says or "No concentration is told with it."
            says = f"{medicine.name}: {quantity} says no dose. {why}"
            book.leave(resource.name, Kind.NO_CONCENTRATION, says)
            return None
        mass = round_half_up(quantity.in_unit("mL/h") * medicine.concentration.in_unit("mg/mL"), _DIGITS)
        remark = " ".join(filter(None, (remark, f"{quantity} of {medicine.concentration}.")))
        quantity = Quantity(mass, "mg/h")
    return "rate", str(quantity), remark


def _dose(
    resource: Resource, medicine: Medicine, dose: object, book: Book, *, ended: bool
) -> tuple[str, str, str] | None:
    amount = read_amount(dose)
    if amount.quantity is None:
        assert amount.kind is not None
        book.leave(resource.name, amount.kind, f"{medicine.name}: {amount.says}")
        return None
    if not ended and medicine.name in list_drugs():
        says = f"{medicine.name}: {amount.quantity}, and over how long it was given is not said."
        book.leave(resource.name, Kind.NO_DURATION, says)
        return None
    quantity, remark = amount.quantity, amount.says
    if quantity.dimension == "volume" and medicine.concentration is not None:
        remark = f"{quantity} of {medicine.concentration}."
        mass = round_half_up(quantity.in_unit("mL") * medicine.concentration.in_unit("mg/mL"), _DIGITS)
        quantity = Quantity(mass, "mg")
    if quantity.dimension not in _DOSES and not (quantity.dimension == "volume" and _is_fluid(medicine)):
        kind = Kind.NO_CONCENTRATION if quantity.dimension == "volume" else Kind.NO_UNIT
        book.leave(resource.name, kind, f"{medicine.name}: {quantity} says no dose.")
        return None
    return "dose", str(quantity), remark


def _is_fluid(medicine: Medicine) -> bool:
    known = vocabulary().medicine(medicine.name)
    return known is not None and known.class_ in GIVEN_IN_ML


def _rate_in(written: str) -> Quantity | None:
    """Return the one rate that a text states; None where it states none, or several."""
    if not written:
        return None
    reading = read_text(written)
    stated = [item for item in reading.statements if item.kind in _RATES_IN_TEXT]
    if len(stated) != 1 or stated[0].is_range or reading.problems:
        return None
    return stated[0].low


def _differ(one: Quantity, other: Quantity, weight: str | None) -> bool:
    """Tell whether two rates are further apart than rounding; rates that cannot be compared are not."""
    if one.dimension != other.dimension:
        one, other = _per_weight(one, weight), _per_weight(other, weight)
        if one.dimension != other.dimension:
            return False
    base = "mL/h" if one.dimension == "flow" else "mcg/kg/min" if "weight" in one.dimension else "mcg/min"
    first, second = one.in_unit(base), other.in_unit(base)
    limit = codes().same_within.in_unit("%") / 100
    return abs(first - second) > limit * max(abs(first), abs(second))


def _per_weight(rate: Quantity, weight: str | None) -> Quantity:
    if rate.dimension != "mass rate" or weight is None:
        return rate
    kg = read_quantity(weight, what="Weight", dimensions=("body weight",)).in_unit("kg")
    return Quantity(rate.in_unit("mcg/min") / kg, "mcg/kg/min")


def read_order(resource: Resource, record: Record, book: Book) -> Medicine | None:
    """Return the medicine of an active order; None, with the reason in the book, for anything else."""
    status, intent = words(resource.content.get("status")), words(resource.content.get("intent"))
    medicine = read_medicine_of(resource, record)
    what = medicine.name or "a medicine"
    if status == "entered-in-error":
        book.leave(resource.name, Kind.ENTERED_IN_ERROR, f"{what}: entered in error.")
        return None
    if status in ("draft", "unknown", "") or intent not in ACTIVE_INTENTS:
        says = f"{what}: no order that holds (status {status or 'absent'}, intent {intent or 'absent'})."
        book.leave(resource.name, Kind.PLANNED, says)
        return None
    if status != "active":
        book.leave(resource.name, Kind.INACTIVE, f"{what}: its status is {status}.")
        return None
    if resource.content.get("doNotPerform") is True:
        book.leave(resource.name, Kind.PLANNED, f"{what}: an order not to give it.")
        return None
    if not medicine.name:
        assert medicine.kind is not None
        book.leave(resource.name, medicine.kind, medicine.says)
        return None
    return medicine


def reasons(resource: Resource) -> list[str]:
    """Return what an order says it is for, in its own words."""
    found = []
    for reason in each(resource.content.get("reasonCode")):
        found.append(words(reason.get("text")))
        found.extend(words(coding.get("display")) for coding in each(reason.get("coding")))
    return [reason for reason in found if reason]
