"""A draft order of a record as the orders that the program checks: one for each of its dosages.

Knows that real drafts fail strict validation: the intent, the type of the Bundle, even the medicine may be missing.
What can be read is read, the rest is named; nothing is guessed. It judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inotrope.drug import list_drugs, load_drug
from inotrope.drug.identity import ProductKind
from inotrope.errors import InotropeError, shorten
from inotrope.fhir.reading.codes import codings
from inotrope.fhir.reading.medications import Medicine, read_medicine_of
from inotrope.fhir.reading.plain import each, table, text, words
from inotrope.fhir.reading.quantities import Amount, number, read_amount, read_rate
from inotrope.fhir.reading.record import Book, Kind
from inotrope.fhir.reading.resources import Record, Resource
from inotrope.order import read_order
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity, read_quantity

ORDERS = "MedicationRequest"
_OVER = frozenset({"cancelled", "completed", "entered-in-error", "stopped"})
"""A status with which nothing is ordered any longer."""
_RATES = {"rate per body weight": "rate", "mass rate": "rate", "flow": "pump_rate", "flow per body weight": "pump_rate"}
_DOSES = ("mass", "dose per body weight")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_PATIENT = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/.*)?")
"""A reference by type and id; one to a resource of the same message says no id that could be compared."""
_PREMIX = "premix "
"""How a code of a drug's folder begins that stands for a bag ready to use."""
_FLUID = "fluid"
"""The class of what a bag is made up with."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft orders.

    Attributes:
        name: As it is called, such as `MedicationRequest/draft-1`.
        id: Its id; None where it has none that is one.
        patient: The id of whom it is for; None where it does not say.
        medicine: By the vocabulary's name, else as written; empty where it cannot be told.
        also: The other active ingredients of the same bag.
        orders: One for each dosage, with the fields of an order.
        unread: What could not be read, in sentences.
        reasons: What it is for, in the words of the order.
        over: Whether nothing is ordered by it any longer.
        resource: As it was sent.
    """

    name: str
    id: str | None
    patient: str | None
    medicine: str
    also: tuple[str, ...]
    orders: tuple[dict[str, Any], ...]
    unread: tuple[str, ...]
    reasons: tuple[str, ...]
    over: bool
    resource: Mapping[str, Any]


def read_drafts(drafts: Sequence[Mapping[str, Any]], beside: Sequence[object] = ()) -> tuple[Draft, ...]:
    """Return the medication orders among some drafts.

    Args:
        drafts: The resources, as they were sent.
        beside: What was sent along, in which a Medication may stand.
    """
    record = Record((list(drafts), *beside), Book())
    return tuple(
        _draft(one, record, place)
        for place, one in enumerate(drafts)
        if one.get("resourceType") in (ORDERS, "MedicationOrder")
    )


def _draft(content: Mapping[str, Any], record: Record, place: int) -> Draft:
    said = words(content.get("id"))
    key = said if _ID.fullmatch(said) else None
    name = f"{ORDERS}/{key}" if key else f"draft {place + 1}"
    unread: list[str] = []
    medicine = read_medicine_of(Resource(name, content, ""), record)
    written = [text(dosage.get("text")) for dosage in each(content.get("dosageInstruction"))]
    within = list(dict.fromkeys(_ingredients(content, record)))
    called = _called(medicine, within) or _named_in(written)
    if not called:
        unread.append(f"Which medicine it orders cannot be told. {medicine.says}".strip())
    elif not medicine.name:
        unread.append(f"The order names {called} in a text alone, and no medicine in the form of FHIR R4.")
    elif medicine.kind is not None:
        unread.append(medicine.says)
    premix = _premix(called, content)
    dosages = each(content.get("dosageInstruction"))
    orders = [_order(called, dosage, medicine, premix, unread) for dosage in dosages]
    subject = _PATIENT.fullmatch(words(table(content.get("subject")).get("reference")))
    return Draft(
        name,
        key,
        None if subject is None else subject[1],
        called,
        tuple(name for name in within if name != called),
        tuple(order for order in orders if len(order) > 1),
        tuple(dict.fromkeys(unread)),
        tuple(filter(None, (words(reason.get("text")) for reason in each(content.get("reasonCode"))))),
        words(content.get("status")) in _OVER or content.get("doNotPerform") is True,
        content,
    )


def _called(medicine: Medicine, within: Sequence[str]) -> str:
    """Return which medicine is ordered: of a mixture that has no name, the one drug of the library in it."""
    library = [name for name in within if name in list_drugs()]
    return medicine.name if medicine.known or len(library) != 1 else library[0]


def _named_in(written: Sequence[str]) -> str:
    """Return the one drug of the library that a text names, where the order itself does not."""
    found = {name for name in list_drugs() for one in written if re.search(rf"(?i)\b{re.escape(name)}\b", one)}
    return found.pop() if len(found) == 1 else ""


def _order(
    drug: str, dosage: Mapping[str, Any], medicine: Medicine, premix: Quantity | None, unread: list[str]
) -> dict[str, Any]:
    order: dict[str, Any] = {"drug": drug}
    if text(dosage.get("text")).strip():
        order["text"] = dosage["text"]
    for amounts in each(dosage.get("doseAndRate")):
        order |= _amounts(amounts, unread)
    strength = medicine.concentration or premix
    if strength is not None and not _is_stock(drug, strength):
        order["concentration"] = _written(strength)
    return order


def _premix(drug: str, content: Mapping[str, Any]) -> Quantity | None:
    """Return the strength of a premixed bag that a confirmed code of the drug's folder names; None for any other."""
    if drug not in list_drugs():
        return None
    bags = {
        code.code: code.of.partition(",")[0].removeprefix(_PREMIX)
        for code in load_drug(drug).codes
        if code.usable and code.system == "RxNorm" and code.of.startswith(_PREMIX)
    }
    found = {bags[code] for _, code, _ in codings(content.get("medicationCodeableConcept")) if code in bags}
    strengths = [read_quantity(text, what="A strength", dimensions=("mass concentration",)) for text in found]
    return strengths[0] if len(strengths) == 1 else None


def _amounts(amounts: Mapping[str, Any], unread: list[str]) -> dict[str, Any]:
    dose = read_amount(amounts["doseQuantity"]) if "doseQuantity" in amounts else None
    over = read_amount(table(amounts.get("rateRatio")).get("denominator")).quantity
    if dose is not None and dose.quantity is not None and dose.quantity.dimension in _DOSES:
        if "rateQuantity" not in amounts and "rateRange" not in amounts:
            load = {"dose": _written(dose.quantity)}
            load |= {"duration": _written(over)} if over is not None and over.dimension == "time" else {}
            return {"load": load}
        unread.append(f"A dose, {dose.quantity}, stands beside a rate. It was not compared.")
    elif dose is not None:
        unread.append(f"The dose was not read. {dose.says}".strip())
    if "rateRange" in amounts:
        ends = [read_amount(table(amounts["rateRange"]).get(end), by_text=True) for end in ("low", "high")]
        return _range(ends, unread)
    rate = read_rate(amounts)
    if rate is not None and rate.kind is Kind.NO_UNIT:
        return _as_written(table(amounts.get("rateQuantity")), rate, unread)
    return {} if rate is None else _range([rate], unread)


def _as_written(given: Mapping[str, Any], rate: Amount, unread: list[str]) -> dict[str, Any]:
    """Return a rate in a unit that only orders are read in, such as mg/kg/min: a slip that must not go unseen."""
    value, unit = number(given.get("value")), words(given.get("code")) or words(given.get("unit"))
    for key in ("rate", "pump_rate"):
        try:
            read_order({key: f"{value} {unit}"})
        except InotropeError:
            continue
        return {key: f"{value} {unit}"}
    unread.append(f"The rate was not read. {rate.says}")
    return {}


def _range(ends: list[Amount], unread: list[str]) -> dict[str, Any]:
    """Return one rate, or a range of two in one unit."""
    read = [end.quantity for end in ends if end.quantity is not None and not end.comparator]
    if len(read) < len(ends):
        says = next((end.says for end in ends if end.quantity is None), "A bound is no rate.")
        unread.append(f"The rate was not read. {says}")
        return {}
    key, unit = _RATES.get(read[0].dimension), read[0].unit
    if key is None or any(one.unit != unit for one in read):
        unread.append(f"The rate was not read: {' to '.join(map(str, read))} is none.")
        return {}
    low = _written(read[0])
    return {key: low if len(read) == 1 else f"{low.removesuffix(unit).strip()}-{_written(read[1])}"}


def _written(value: Quantity) -> str:
    """Return a quantity as an order is written: without the separators that are shown to a reader."""
    return f"{value.value.normalize():f} {value.unit}"


def _is_stock(drug: str, concentration: Quantity) -> bool:
    """Tell whether a strength is that of a vial: what is drawn from it is diluted before it runs."""
    if drug not in list_drugs():
        return False
    products = load_drug(drug).products
    return any(item.kind is not ProductKind.PREMIX and item.strength.value == concentration for item in products)


def _ingredients(content: Mapping[str, Any], record: Record) -> Iterator[str]:
    """Yield the active ingredients of the Medication that is ordered; a fluid is none."""
    reference = content.get("medicationReference")
    medication = record.find(reference, content) if isinstance(reference, dict) else None
    for item in each(table(medication).get("ingredient")):
        concept = item.get("itemCodeableConcept")
        if item.get("isActive") is False or not isinstance(concept, dict):
            continue
        found = read_medicine_of(Resource("ingredient", {"medicationCodeableConcept": concept}, ""), record)
        known = vocabulary().medicine(found.name)
        if found.name and (known is None or known.class_ != _FLUID):
            yield shorten(found.name)
