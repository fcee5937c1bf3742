"""What an event must hold before it is written: its members, and for a fact an entry that the case can take.

Knows the form of every body and proves the meaning of its parts by those who know it: an entry is read by
`inotrope.patient` as part of the case, a second entry by the double check. What is wrong never becomes an event; the
error names the member of the entry, so that a form can show it at the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inotrope.course.meaning.aging import aged
from inotrope.course.meaning.folding import TIMES, CaseTable
from inotrope.course.meaning.kinds import ENDING, HAPPENED, HAPPENINGS, LEVEL, RATE, READING, SECTIONS
from inotrope.errors import CourseError, InotropeError, hides_something, nearest, shorten
from inotrope.patient import read_case, vocabulary
from inotrope.plan.double_check.comparing import compare, same_person
from inotrope.plan.double_check.items import LOAD
from inotrope.plan.double_check.settings import ToBeSet
from inotrope.units import Quantity, read_time

LONGEST_TEXT = 4_000
"""Characters of a note, or of a reason."""
CONCENTRATION = "concentration"
_LIKE = {
    RATE: '{"of": "milrinone", "start": "2026-11-22T08:00:00+01:00", "rate": "0.5 mcg/kg/min"}',
    LEVEL: '{"what": "concentration", "of": "milrinone", "value": "212 ng/mL", "at": "2026-11-22T07:00:00+01:00"}',
    READING: '{"what": "serum creatinine", "value": "1.4 mg/dL", "at": "2026-11-22T06:10:00+01:00"}',
}
"""Examples of form, not of a dose."""


def fact_body(kind: str, entry: Any, *, section: str | None = None, ended: bool = False) -> dict[str, Any]:
    """Return the body of a fact, with the form of its members proved and nothing read of the entry yet.

    Raises:
        CourseError: A section that nothing happens in, an entry that has no end, or is none of its kind.
    """
    if kind == HAPPENED:
        if section not in HAPPENINGS:
            says = f"'{shorten(str(section))}' is no part of a case in which something happens."
            accepted = ", ".join(HAPPENINGS)
            raise CourseError(f"{says} Name one of: {accepted}.", value=section, accepted=accepted, where="section")
        if ended and section not in ENDING:
            says = f"Only {' and '.join(ENDING)} end by a word. What has a time is entered again with its end."
            raise CourseError(says, value=section, accepted=", ".join(ENDING), where="ended")
        return {"section": section, "entry": entry, **({"ended": True} if ended else {})}
    if not isinstance(entry, Mapping):
        raise CourseError(f"An entry is one JSON object, such as {_LIKE[kind]}.", value=entry, accepted="an object")
    if kind in (LEVEL, READING):
        written = entry.get("what")
        known = vocabulary().measurement(written) if isinstance(written, str) else None
        is_level = known is not None and known.name == CONCENTRATION
        if kind == LEVEL and not is_level:
            says = f"'{shorten(str(written))}' is no level. Write such as {_LIKE[LEVEL]}."
            raise CourseError(says, value=written, accepted=CONCENTRATION, where="what")
        if kind == READING and is_level:
            says = "A concentration of a drug is recorded as a level, and not as a reading."
            raise CourseError(says, value=written, accepted="another measurement", where="what")
    return {"entry": dict(entry)}


def prove_entry(case: CaseTable, kind: str, body: Mapping[str, Any], *, now: datetime) -> None:
    """Prove that the entry of a fact means something, alone: what is wrong has its place inside the entry.

    Args:
        case: What the course says so far; of it the patient counts.
        kind: Of the event.
        body: Of the event.
        now: The clock's time; nothing that is recorded lies after it.

    Raises:
        InotropeError: As `read_case` does; its place is the member of the entry, such as `value`.
    """
    section = SECTIONS.get(kind) or body["section"]
    one = {key: case[key] for key in ("drug", "indication")} | {"now": now.isoformat()}
    one["patient"] = aged(case["patient"], written=case["now"], now=now)
    one[section] = body["entry"] if section in ("conditions", "preparation") else [body["entry"]]
    try:
        read_case(one)
    except InotropeError as problem:
        problem.where = _own_place(problem.where, section)
        raise


def time_of(kind: str, body: Mapping[str, Any], *, now: datetime) -> datetime:
    """Return when a proved fact happened: its own time, of a machine that ended its end, else now."""
    section, entry = SECTIONS.get(kind) or body["section"], body["entry"]
    if section == "preparation":
        return read_time(entry["hung"], what="Time") if "hung" in entry else now
    if section not in TIMES:
        return now
    end = read_time(entry["end"], what="End") if section == "support" and "end" in entry else None
    return read_time(entry[TIMES[section]], what="Time") if end is None or end > now else end


def read_text(text: Any, *, what: str, shortest: int = 1) -> str:
    """Return a text that somebody wrote, on as many lines as it was written.

    Args:
        text: As it came.
        what: Its name for the error, such as `reason`.
        shortest: Letters and digits that it holds at least.

    Raises:
        CourseError: No text, too short, too long, or with characters that nobody sees.
    """
    accepted = f"a text of {shortest} to {LONGEST_TEXT:,} characters"
    where = what
    if not isinstance(text, str) or sum(mark.isalnum() for mark in text) < shortest:
        says = f"The {what} says too little. Write it in words."
        raise CourseError(says, value=text, accepted=accepted, where=where)
    if len(text) > LONGEST_TEXT:
        raise CourseError(f"The {what} is too long: {len(text):,} characters.", accepted=accepted, where=where)
    if hides_something(text):
        says = f"The {what} holds a character that nobody sees. Write it anew."
        raise CourseError(says, accepted=accepted, where=where)
    return text.strip()


def read_override(rule: Any, reason: Any, *, rules: Mapping[str, bool]) -> dict[str, Any]:
    """Return the body of a stop that was set aside.

    Args:
        rule: The rule's id.
        reason: Why, in words.
        rules: Every rule of the drug, and whether it may be set aside.

    Raises:
        CourseError: No such rule, one that nobody may set aside, or no reason.
    """
    from inotrope.safety.overrides import LONGEST_REASON, SHORTEST_REASON  # noqa: PLC0415 - few record one

    if rule not in rules:
        says = f"'{shorten(str(rule))}' is no rule; {nearest(str(rule), rules)}."
        raise CourseError(says, value=rule, accepted="a rule's id", where="rule")
    if not rules[rule]:
        says = f"'{rule}' allows no override. Resolve what it says."
        raise CourseError(says, value=rule, accepted="a rule that may be set aside", where="rule")
    why = read_text(reason, what="reason", shortest=SHORTEST_REASON)
    if len(why) > LONGEST_REASON:
        says = f"The reason is too long: {len(why)} characters, at most {LONGEST_REASON}."
        raise CourseError(says, accepted=f"at most {LONGEST_REASON} characters", where="reason")
    return {"rule": rule, "reason": why}


def confirmation_body(
    meant: ToBeSet, entered: Mapping[str, Quantity], *, how: str = "", first: str, second: str, code: str
) -> dict[str, Any]:
    """Return the body of an order that two people confirmed: what each of them said, item by item.

    Args:
        meant: What the first one meant.
        entered: By item what the second one entered without seeing it.
        how: What goes in before a start, as the second one said it; empty where the drug runs.
        first: Who meant it.
        second: Who entered.
        code: Of the check.

    Raises:
        CourseError: Both are one person, nobody is named, or an item does not agree.
        RequestError: An item is missing, or is none that is checked.
    """
    names = [read_text(name, what=what) for name, what in ((first, "first"), (second, "second"))]
    if same_person(*names):
        says = f"'{shorten(names[1])}' meant it and cannot be the second person. Another one has to enter it."
        raise CourseError(says, value=names[1], accepted="another person", where="second")
    for item in compare(meant, entered, how).differing:
        says = f"The {item} differs: what two people do not agree on is not confirmed."
        raise CourseError(says, value=str(entered.get(item, how)), accepted="what both mean", where=item)
    own: dict[str, str] = {} if meant.first is None else {LOAD: meant.first.how}
    own |= {item: str(amount) for item, amount in meant.amounts.items()}
    other = ({LOAD: how} if LOAD in own else {}) | {item: str(amount) for item, amount in entered.items()}
    return {
        "meant": {"setting": meant.name, "drug": meant.drug, **own},
        "entered": other,
        "set_aside": list(meant.set_aside),
        "first": names[0],
        "second": names[1],
        "code": code,
    }


def _own_place(where: str | None, section: str) -> str:
    """Return the place inside an entry: `value` for `measurements[0].value`, and the section where it is the whole."""
    return (where or "").removeprefix(section).removeprefix("[0]").removeprefix(".") or section
