"""Whose record it is: the Patient, and what belongs to somebody else.

Knows birth date, time of birth, gender and death. A part of a date is no birthday, and a gender that is neither male
nor female gives no sex for an equation: both are asked for.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from inotrope.fhir.reading.plain import each, moment, table, words
from inotrope.fhir.reading.record import Book, Kind
from inotrope.fhir.reading.resources import Record, Resource

BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SUBJECT = ("subject", "patient")
_ASK_BORN = "The record gives no birth date. Write the patient's date of birth."


def find_patient(record: Record, book: Book, wanted: str | None) -> Resource | None:
    """Return the one Patient of a record, or the one whose id the caller names; else None, with a question.

    Args:
        record: The resources.
        book: The lists.
        wanted: `pat-a` or `Patient/pat-a`; None where the record must tell.
    """
    sent = list(record.of("Patient"))
    key = None if wanted is None else wanted.rpartition("/")[2]
    found = [person for person in sent if key is None or person.key == key]
    if len(found) == 1:
        for person in sent:
            if person is not found[0]:
                book.leave(person.name, Kind.OTHER_PATIENT, "Another patient was asked for.")
        return found[0]
    if not sent:
        book.ask("patient", "The record holds no Patient. Send it too.")
    elif not found:
        book.ask("patient", "The Patient who was asked for is not in the record.")
    else:
        book.ask(
            "patient", f"The record holds {len(found)} Patients, and nothing is read of either. Say which is meant."
        )
        for person in found:
            book.leave(person.name, Kind.UNREADABLE, "Several Patients were sent, and none was asked for.")
    return None


def belongs(resource: Resource, patient: Resource, record: Record, book: Book) -> bool:
    """Tell whether a resource is of the patient; one that names nobody is of the only one, and any other is listed."""
    references = [table(resource.content.get(key)) for key in _SUBJECT if resource.content.get(key) is not None]
    for reference in references:
        address = words(reference.get("reference"))
        if not address:
            book.leave(resource.name, Kind.UNREADABLE, "It does not say whose it is by a reference.")
            return False
        found = record.resource(address)
        same = found is patient if found is not None else _ends_alike(address, patient)
        if not same:
            book.leave(resource.name, Kind.OTHER_PATIENT, "It belongs to another patient.")
            return False
    if not references and sum(1 for _ in record.of("Patient")) > 1:
        book.leave(resource.name, Kind.UNREADABLE, "It does not say whose it is, and several Patients were sent.")
        return False
    return True


def _ends_alike(address: str, patient: Resource) -> bool:
    return address.partition("/_history/")[0].split("/")[-2:] == ["Patient", patient.key]


def read_person(patient: Resource, book: Book, now: datetime) -> dict[str, Any]:
    """Return birth and sex as keys of a case's patient, with a question for what cannot be told."""
    content, found = patient.content, {}
    born = words(content.get("birthDate"))
    if _is_day(born):
        found["born"] = _with_time(content, born, now) or born
        book.use(patient.name, "patient.born", f"born {found['born']}")
    elif born:
        book.ask("patient.born", f"The birth date '{born}' is no full date. Write the patient's date of birth.")
    else:
        book.ask("patient.born", _ASK_BORN)
    gender = words(content.get("gender"))
    if gender in ("male", "female"):
        found["sex"] = gender
        book.use(patient.name, "patient.sex", gender)
    else:
        said = f"The gender '{gender}'" if gender else "A record without a gender"
        book.ask("patient.sex", f"{said} gives no sex for the clearance of creatinine. Write the sex: male or female.")
    if content.get("deceasedBoolean") is True or words(content.get("deceasedDateTime")):
        book.ask("patient", "The record says that the patient has died.")
    return found


def _is_day(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _with_time(content: Any, born: str, now: datetime) -> str | None:
    """Return the moment of birth of the standard extension, where it is one of the day of birth and not ahead."""
    for extension in each(table(content.get("_birthDate")).get("extension")):
        if extension.get("url") == BIRTH_TIME:
            at = moment(extension.get("valueDateTime"))
            if at is not None and at.date().isoformat() == born and at <= now:
                return words(extension.get("valueDateTime"))
    return None
