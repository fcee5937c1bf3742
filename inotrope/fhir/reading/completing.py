"""A case that was put together, completed: proven against `read_case`, with what it lacks asked for.

Knows that the case it leaves is one that `read_case` takes: what that refuses is taken out again and named, or asked
for where leaving it out would be dangerous. It reads no record.
"""

from __future__ import annotations

import re
from typing import Any

from inotrope.drug import list_drugs
from inotrope.errors import InotropeError, shorten
from inotrope.fhir.reading.record import Book, Kind
from inotrope.patient import Case, assess_kidney, read_case
from inotrope.patient.plain_form import MOST_ADMINISTRATIONS, MOST_ITEMS
from inotrope.patient.vocabulary import vocabulary

Item = tuple[str, Any]
"""An entry of a list of the case, after the resource that it comes from."""
_LISTS = {
    "measurements": MOST_ITEMS,
    "administrations": MOST_ADMINISTRATIONS,
    "support": MOST_ITEMS,
    "events": MOST_ITEMS,
}
_PLACE = re.compile(r"(measurements|administrations|support|events|medicines|allergies)\[(\d+)\]")
_ASKED = {
    "drug": "The record orders and gives no drug of the library. Name the drug.",
    "indication": "The record does not say what the drug is for. Name the indication.",
    "patient.weight": "The record gives no weight that can be used. Write the patient's weight.",
}
_OPEN = ("medicines", "administrations", "support", "events")
"""Lists that a record holds as far as somebody wrote into it."""
MOST_REFUSED = 50
"""Entries that `read_case` may refuse before nothing of the record is believed."""
_NOT_DROPPED = ("medicines", "allergies", "administrations")
"""Lists of which an entry that cannot be read is asked for: without it the list would say too little."""


def finish(case: dict[str, Any], lists: dict[str, list[Item]], book: Book) -> None:
    """Put the lists into the case, and take out again what `read_case` refuses."""
    for key, most in _LISTS.items():
        if len(lists[key]) > most:
            book.ask(
                "record", f"The record has {len(lists[key]):,} {key}; at most {most:,} are read. Send the last days."
            )
            lists[key] = []
    for key, says in _ASKED.items():
        part, _, inner = key.partition(".")
        said = case[part].get(inner) if inner else case.get(part)
        if not said and all(item.key != key for item in book.open):
            book.ask(key, says)
    _take_out_what_is_refused(case, lists, book)
    _leave_open(case)


def _take_out_what_is_refused(case: dict[str, Any], lists: dict[str, list[Item]], book: Book) -> None:
    for _ in range(MOST_REFUSED):
        for key, items in lists.items():
            case.pop(key, None)
            if items:
                case[key] = [item for _, item in items]
        try:
            made = read_case(_provable(case))
        except InotropeError as problem:
            if not _take_out(problem, case, lists, book):
                book.ask((problem.where or "case").partition(":")[0], problem.says)
                return
            continue
        _note_the_kidney(made, case, lists, book)
        return
    book.ask("record", f"More than {MOST_REFUSED} entries of the record cannot be read. Enter the case by hand.")


def _leave_open(case: dict[str, Any]) -> None:
    """Say of which lists nobody said that they hold all there is: what a record does not name is unknown.

    What was given is whole where it names the drug itself.
    """
    known = {item["of"] for item in case.get("administrations", ())}
    whole = {"administrations"} if case.get("drug") in known else set()
    found = [key for key in _OPEN if key in case and key not in whole]
    if found:
        case["incomplete"] = found


def _provable(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with stand-ins for what is asked for, so that all the rest of it can be proven."""
    stand_ins = {"sex": "male", "weight": "70 kg", **({} if "born" in case["patient"] else {"age": "60 years"})}
    return {"drug": list_drugs()[0], "indication": "unknown"} | case | {"patient": stand_ins | case["patient"]}


def _take_out(problem: InotropeError, case: dict[str, Any], lists: dict[str, list[Item]], book: Book) -> bool:
    """Take the entry out that an error names; an entry that must not be lost is asked for."""
    where = _PLACE.match(problem.where or "")
    if where is None:
        return False
    key, place = where[1], int(where[2])
    if key in _NOT_DROPPED:
        book.ask(key, shorten(problem.says, 300))
    if key in lists:
        resource, _ = lists[key].pop(place)
        book.leave(resource, Kind.IMPOSSIBLE, shorten(problem.says, 300))
        book.used[:] = [item for item in book.used if item.resource != resource or item.where != key]
    else:
        case[key].pop(place)
    return True


def _note_the_kidney(made: Case, case: dict[str, Any], lists: dict[str, list[Item]], book: Book) -> None:
    """Note an eGFR that does not fit the creatinine beside it; which of them serves, the plan says."""
    if not all(case["patient"].get(key) for key in ("born", "sex", "weight")):
        return
    kidney = assess_kidney(made)
    apart, reported = kidney.difference_from_reported, kidney.reported_egfr
    limit = vocabulary().limit("kidney.egfr_conflict").value
    if apart is None or reported is None or apart <= limit:
        return
    concerned = [name for name, item in lists["measurements"] if item["what"] in ("eGFR", "serum creatinine")]
    says = (
        f"The reported eGFR, {reported.as_written}, differs by {apart.shown(0)} from the estimate of the serum "
        f"creatinine beside it (limit {limit})."
    )
    book.clash(says, *concerned)
