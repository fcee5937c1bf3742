"""A record to a reading: the resources of one patient, each read by its kind, put together into a case.

Knows the order of things, and what the drug and the indication of the case are. It doses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inotrope.drug import list_drugs, load_drug
from inotrope.fhir.reading.completing import Item, finish
from inotrope.fhir.reading.conditions import read_allergies, read_condition
from inotrope.fhir.reading.given import Given, read_given, read_order, reasons
from inotrope.fhir.reading.machines import read_device, read_machine
from inotrope.fhir.reading.observations import read_values, settle
from inotrope.fhir.reading.persons import belongs, find_patient, read_person
from inotrope.fhir.reading.plain import table, words
from inotrope.fhir.reading.record import Book, Kind, Reading
from inotrope.fhir.reading.resources import AROUND, READ, Record, Resource, wrong_version
from inotrope.patient.vocabulary import plain_name


def is_bundle(document: object) -> bool:
    """Tell whether a JSON document is a FHIR Bundle and no case."""
    return words(table(document).get("resourceType")) == "Bundle"


def read_bundle(bundle: object, *, now: datetime, patient: str | None = None, drug: str | None = None) -> Reading:
    """Read one Bundle as `read` does."""
    return read(bundle, now=now, patient=patient, drug=drug)


def read(
    *sources: object,
    now: datetime,
    patient: str | None = None,
    drug: str | None = None,
    indication: str | None = None,
) -> Reading:
    """Read a record: Bundles, resources, lists of both, and nulls, in any order.

    Args:
        sources: What a server sent, as plain dictionaries; numbers may be decimals.
        now: The moment of planning, with its zone. What lies after it is not read.
        patient: The id of the Patient, where several are sent or one is meant.
        drug: The drug of the case; by default the one drug of the library that the record orders or gives.
        indication: What it is for; by default what the order says, else the one condition that can be it.

    Returns:
        The case and the lists; never an error for what a record holds.
    """
    book = Book()
    record = Record(sources, book)
    case: dict[str, Any] = {"now": now.isoformat()}
    person = find_patient(record, book, patient)
    if person is None:
        for resource in record.all:
            if resource.type != "Patient":
                book.leave(resource.name, Kind.UNREADABLE, "Whose record this is cannot be told.")
        return _reading(case, book)
    own = [resource for resource in record.all if _is_read(resource, person, record, book)]
    values = [value for resource in own if resource.type == "Observation" for value in read_values(resource, book, now)]
    body, measurements = settle(values, book, now)
    case["patient"] = read_person(person, book, now) | body
    given = _given(own, record, book, now, body.get("weight"))
    ordered = [
        (resource, found) for resource in _of(own, "MedicationRequest") if (found := read_order(resource, record, book))
    ]
    conditions, events, indications = _conditions(own, book, now)
    found_drug = drug or _drug(given, [name.name for _, name in ordered], book)
    if found_drug is not None:
        case["drug"] = found_drug
    found_for = indication or _indication(found_drug, ordered, indications)
    if found_for is not None:
        case["indication"] = found_for
    if conditions:
        case["conditions"] = dict.fromkeys(sorted(conditions), "present")
    medicines = [found.name for _, found in ordered if found.name != found_drug]
    medicines += _given_somehow(given, found_drug, book)
    for resource, found in ordered:
        book.use(resource.name, "medicines" if found.name != found_drug else "drug", f"{found.name}: ordered")
    if medicines:
        case["medicines"] = list(dict.fromkeys(medicines))
    allergies = read_allergies(list(_of(own, "AllergyIntolerance")), book)
    if allergies is not None:
        case["allergies"] = allergies
    lists: dict[str, list[Item]] = {
        "measurements": measurements,
        "administrations": [(item.resource, item.item) for item in given if item.item is not None],
        "support": _support(own, record, book, now),
        "events": events,
    }
    _ask_for_what_runs(given, found_drug, book)
    finish(case, lists, book)
    return _reading(case, book)


def _is_read(resource: Resource, person: Resource, record: Record, book: Book) -> bool:
    if resource.type in ("Patient", "Medication", *AROUND):
        if resource.type == "OperationOutcome":
            book.leave(resource.name, Kind.UNREADABLE, "The server answered with an error in place of data.")
        return False
    version = wrong_version(resource)
    if version is not None:
        book.leave(resource.name, Kind.WRONG_VERSION, version)
        book.ask("record", f"{resource.name} is not FHIR R4, and nothing of it was read. Send R4, or enter it by hand.")
        return False
    if resource.type not in READ:
        book.leave(resource.name, Kind.OUTSIDE, f"{resource.type} is not read.")
        return False
    return belongs(resource, person, record, book)


def _of(own: Iterable[Resource], *types: str) -> Iterable[Resource]:
    return (resource for resource in own if resource.type in types)


def _given(own: list[Resource], record: Record, book: Book, now: datetime, weight: str | None) -> list[Given]:
    found = (read_given(item, record, book, now, weight) for item in _of(own, "MedicationAdministration"))
    return sorted((item for item in found if item is not None), key=_started)


def _started(given: Given) -> float:
    return 0.0 if given.item is None else datetime.fromisoformat(given.item["start"]).timestamp()


def _conditions(own: list[Resource], book: Book, now: datetime) -> tuple[set[str], list[Item], list[str]]:
    present: set[str] = set()
    events: list[Item] = []
    indications: list[str] = []
    for resource in _of(own, "Condition"):
        names, event, indication = read_condition(resource, book, now)
        present.update(names)
        if event is not None:
            events.append(event)
        if indication is not None:
            indications.append(indication)
    return present, events, indications


def _support(own: list[Resource], record: Record, book: Book, now: datetime) -> list[Item]:
    found = [read_machine(item, record, book, now) for item in _of(own, "DeviceUseStatement", "Procedure")]
    addresses = [table(item.content.get("device")).get("reference") for item in _of(own, "DeviceUseStatement")]
    in_use = {device.name for address in addresses if (device := record.resource(words(address))) is not None}
    for device in _of(own, "Device"):
        read_device(device, frozenset(in_use), book)
    return [item for item in found if item is not None]


def _drug(given: list[Given], ordered: list[str], book: Book) -> str | None:
    """Return the one drug of the library that the record orders or gives."""
    library = list_drugs()
    named = {name for name in (*ordered, *(item.of.name for item in given)) if name in library}
    if len(named) == 1:
        return named.pop()
    if named:
        book.ask("drug", f"The record speaks of {' and '.join(sorted(named))}. Say which is to be planned.")
    return None


def _indication(drug: str | None, ordered: list[tuple[Resource, Any]], of_conditions: list[str]) -> str | None:
    """Return what the drug is for: the order's own reason, else the one that a condition can be."""
    if drug is None:
        return None
    known = load_drug(drug).entries_by_indication if drug in list_drugs() else {}
    said = [reason for resource, found in ordered if found.name == drug for reason in reasons(resource)]
    for reason in said:
        if plain_name(reason) in known:
            return reason
    if said:
        return said[0]  # what is no indication of the library is refused by the plan, by its own words
    return of_conditions[0] if len(set(of_conditions)) == 1 else None


def _given_somehow(given: list[Given], drug: str | None, book: Book) -> list[str]:
    """Return the other medicines of which it is known that they were given, and not how much."""
    found = {item.of.name: item.resource for item in given if item.item is None and item.of.name not in (drug, "")}
    for name, resource in found.items():
        book.use(resource, "medicines", f"{name}: given, and how much cannot be told")
    return list(found)


def _ask_for_what_runs(given: list[Given], drug: str | None, book: Book) -> None:
    """Ask for what of the drug was given and cannot be told: a plan that takes it for nothing would load again."""
    for item in given:
        if item.item is None and drug is not None and item.of.name in (drug, ""):
            why = next((left.says for left in book.left_out if left.resource == item.resource), "")
            what = f"What {item.resource} gave of {drug}" if item.of.name else f"What {item.resource} gave"
            book.ask("administrations", f"{what} cannot be told from the record ({why.rstrip('.')}). Enter it by hand.")


def _reading(case: dict[str, Any], book: Book) -> Reading:
    return Reading(
        case,
        tuple(book.open),
        tuple(book.used),
        tuple(book.left_out),
        tuple(book.conflicts),
        tuple(dict.fromkeys(book.notes)),
    )
