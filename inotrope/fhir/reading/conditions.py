"""Conditions and allergies.

Knows clinical and verification status, severity and onset. Refuted, entered in error and over are left out; what is not
recorded stays unknown, and only a record of no known allergy makes an empty list. It judges no patient.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from inotrope.fhir.reading.codes import codes, codings, read_concept, shown, texts
from inotrope.fhir.reading.plain import moment, status_of, words
from inotrope.fhir.reading.record import Book, Kind
from inotrope.fhir.reading.resources import Resource
from inotrope.patient.medicine_names import name_allergen
from inotrope.patient.vocabulary import plain_name, vocabulary

OVER = ("inactive", "remission", "resolved")
GRADES = ("mild", "moderate", "severe")


def standing(resource: Resource, book: Book, what: str) -> bool:
    """Tell whether a condition or an allergy holds; else say in the book why not."""
    verified = status_of(resource.content.get("verificationStatus"))
    clinical = status_of(resource.content.get("clinicalStatus"))
    if verified == "entered-in-error":
        book.leave(resource.name, Kind.ENTERED_IN_ERROR, f"{what}: entered in error, so it remains unknown.")
        return False
    if verified == "refuted":
        book.leave(resource.name, Kind.REFUTED, f"{what}: refuted.")
        return False
    if clinical in OVER:
        book.leave(resource.name, Kind.INACTIVE, f"{what}: {clinical}.")
        return False
    return True


def read_condition(
    resource: Resource, book: Book, now: datetime
) -> tuple[list[str], tuple[str, dict[str, Any]] | None, str | None]:
    """Read one Condition.

    Returns:
        The conditions that it makes present, the event that it tells, and the indication that it may stand for.
    """
    concept = resource.content.get("code")
    what = shown(concept)
    if not standing(resource, book, what):
        return [], None, None
    found = read_concept(concept, "condition", _condition)
    event = read_concept(concept, "event", _event)
    indication = read_concept(concept, "indication", _no_words)
    remark = _remark(resource)
    if found.contradictory:
        book.clash(f"Code and words of '{what}' name different conditions. Both are read.", resource.name)
    names = [name for name in found.names if _is_severe(resource, name, name in found.graded, what, book)]
    for name in names:
        book.use(resource.name, "conditions", f"{name}: present", remark)
    happened = None
    if not found.names and event.name is not None:
        happened = _happened(resource, event.name, book, now)
    elif not found.names and indication.name is not None:
        book.use(resource.name, "indication", f"{what}: may be what the drug is for", remark)
    elif not found.names:
        _leave_unknown(resource, what, (*found.doubtful, *event.doubtful), book)
    return names, happened, indication.name


def _remark(resource: Resource) -> str:
    """Return what a reader must know of a condition or an allergy: that nobody confirmed it, and since when it is."""
    verified = status_of(resource.content.get("verificationStatus"))
    said = "" if verified == "confirmed" else f"It is {verified or 'not said to be confirmed'}."
    onset = words(resource.content.get("onsetDateTime"))
    return " ".join(filter(None, (said, f"Since {onset}." if onset else "")))


def _leave_unknown(resource: Resource, what: str, doubtful: tuple[str, ...], book: Book) -> None:
    if doubtful:
        says = f"{what}: its code may stand for {' or '.join(doubtful)}, which nobody confirmed. It remains unknown."
        book.leave(resource.name, Kind.UNCONFIRMED_CODE, says)
    else:
        book.leave(resource.name, Kind.UNKNOWN_CODE, f"{what}: no rule speaks of it.")


def _no_words(_: str) -> None:
    return None


def _condition(text: str) -> str | None:
    known = vocabulary().condition(text)
    if known is not None:
        return known.name
    first, _, rest = plain_name(text).partition(" ")
    return codes().graded.get(rest if first in GRADES else plain_name(text))


def _event(text: str) -> str | None:
    known = vocabulary().event(text)
    return None if known is None else known.name


def _grades(resource: Resource) -> set[str]:
    """Return the severities that the words and the severity of a condition tell."""
    named = {word for text in texts(resource.content.get("code")) for word in plain_name(text).split()}
    severity = resource.content.get("severity")
    said = {plain_name(text) for text in texts(severity)}
    coded = {
        meaning.name
        for system, code, _ in codings(severity)
        for meaning in codes().meanings.get((system, code), ())
        if meaning.kind == "severity" and (meaning.confirmed or meaning.name in said)
    }
    return (named | said | coded) & set(GRADES)


def _is_severe(resource: Resource, name: str, graded: bool, what: str, book: Book) -> bool:
    """Tell whether a condition whose name holds only when severe is severe; any other always holds."""
    if not graded and name not in codes().graded.values():
        return True
    direct = [vocabulary().condition(text) for text in texts(resource.content.get("code"))]
    if any(known is not None and known.name == name for known in direct):
        return True
    grades = _grades(resource)
    if "severe" in grades:
        if len(grades) > 1:
            book.clash(f"'{what}' is called {' and '.join(sorted(grades))}. It is read as severe.", resource.name)
        return True
    if grades:
        book.leave(resource.name, Kind.NOT_SEVERE, f"{what}: {' and '.join(sorted(grades))}, so it is not {name}.")
    else:
        book.leave(
            resource.name, Kind.NOT_SEVERE, f"{what}: how severe is not said, so whether it is {name} remains unknown."
        )
        book.notes.append(f"{what} is recorded without its severity: say whether it is {name}.")
    return False


def _happened(resource: Resource, name: str, book: Book, now: datetime) -> tuple[str, dict[str, Any]] | None:
    written = words(resource.content.get("onsetDateTime"))
    at = moment(written)
    if at is None:
        book.leave(resource.name, Kind.NO_TIME, f"{name}: when it happened is not said with time and zone.")
        book.notes.append(f"{name[0].upper()}{name[1:]} is recorded without its time: say when it happened.")
        return None
    if at > now:
        book.leave(resource.name, Kind.AHEAD, f"{name}: its time {written} lies after {now.isoformat()}.")
        return None
    book.use(resource.name, "events", f"{name} at {written}")
    return resource.name, {"what": name, "at": written}


def read_allergies(resources: list[Resource], book: Book) -> list[str] | None:
    """Return what the patient is allergic to; an empty list only where no known allergy is recorded; else None."""
    found: list[str] = []
    none_known: list[Resource] = []
    for resource in resources:
        concept = resource.content.get("code")
        if not standing(resource, book, f"allergy to {shown(concept)}"):
            continue
        if read_concept(concept, "no allergy", _no_allergy).names:
            none_known.append(resource)
            continue
        name = _allergen(concept)
        if name is None:
            book.leave(resource.name, Kind.UNREADABLE, "An allergy that names no substance.")
            continue
        found.append(name)
        verified = status_of(resource.content.get("verificationStatus"))
        remark = "" if verified == "confirmed" else f"It is {verified or 'not said to be confirmed'}."
        book.use(resource.name, "allergies", f"allergy to {name}", remark)
    unread = any(
        item.resource.startswith("AllergyIntolerance/")
        and item.kind in (Kind.UNREADABLE, Kind.WRONG_VERSION, Kind.CONTRADICTED)
        for item in book.left_out
    )
    if found and none_known:
        book.clash(
            f"The record says 'no known allergy', and an allergy to {' and '.join(found)}.",
            *(resource.name for resource in none_known),
        )
    elif none_known and unread:
        book.clash("The record says 'no known allergy', and holds an allergy that could not be read.")
        return None
    for resource in none_known:
        if not found:
            book.use(resource.name, "allergies", "no known allergy")
    return list(dict.fromkeys(found)) if found else [] if none_known else None


def _no_allergy(text: str) -> str | None:
    return "no known allergy" if plain_name(text) in codes().no_allergy else None


def _allergen(concept: object) -> str | None:
    """Return the substance: the medicine that code and words name, else the words, else what a code may stand for."""
    named = read_concept(concept, "medicine", _medicine)
    if named.names:
        return named.names[0]
    return next(iter((*texts(concept), *named.doubtful)), None)


def _medicine(text: str) -> str | None:
    named = name_allergen(text, vocabulary())
    return named.name if named.known else None
