"""The questions of `inotrope new`: what is asked, in which order, and where each answer goes.

Knows the form of a case. Which conditions and measurements are asked follows from the rules of the drug's folder, so
a new rule asks here without a line of code. Whether an answer is sound is judged by the reader of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inotrope.cli.unknown_names import unknown_names
from inotrope.errors import RequestError, nearest, shorten

if TYPE_CHECKING:
    from inotrope.patient import Case

Document = dict[str, Any]
Answers = dict[str, str]

_YES = {"y": "present", "yes": "present", "present": "present", "n": "absent", "no": "absent", "absent": "absent"}
_YES |= {"none": "absent"}
_NOT_ASKED_YET = {"indication": "not asked yet", "now": "2026-01-01T00:00:00Z"}
_WOMEN = ("pregnancy", "breastfeeding")
_YOUNG = ("renal impairment", "patent ductus arteriosus", "intraventricular hemorrhage")
"""Conditions that only the young are asked for; the first stands in for the equation that infants lack."""
_KIDNEY = "renal impairment"
_ALWAYS = ("oliguria", _KIDNEY)
_AT = "(06:10, or with date and zone)"
_FIRST_MEASURED = ("serum creatinine", "baseline creatinine", "mean arterial pressure", "systolic blood pressure")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what is asked (a key and a prompt each), where it goes, how it is checked.

    A question that `repeats` is asked until the answer is empty or `none`; `leave` is told of an empty one. A part
    whose key is `end` may stay empty: what did not end goes on. What `doubts` says of a sound answer is told at once,
    and the same answer given again stands.
    """

    prompts: tuple[tuple[str, str], ...]
    put: Callable[[Document, Answers], None]
    check: Callable[[Document], object]
    required: bool = False
    repeats: bool = False
    leave: Callable[[Document], None] | None = None
    doubts: Callable[[Document], tuple[str, ...]] | None = None


def answer_of(text: str) -> str:
    """Return an answer as it is compared: lower case, blanks squeezed."""
    return " ".join(text.lower().split())


def required_questions() -> Iterator[Question]:
    """Yield what no case stands without."""
    from inotrope.drug import list_drugs, load_drug

    drugs = ", ".join(list_drugs())
    yield _required("drug", f"Drug (known here: {drugs}; write its name)", lambda case: load_drug(case["drug"]))
    yield _required("indication", "Indication (such as acute decompensated heart failure)", _check_indication)
    yield _required("now", "Date and time now, with its zone (such as 2026-11-22T08:00+01:00)")
    yield _required("born", "Born on (such as 1958-03-02; of a newborn with time and zone)")
    yield _required("sex", "Sex (male, female)", _check_sex)
    yield _required("weight", "Weight now (such as 82 kg)")


def names_not_known(document: Document) -> tuple[str, ...]:
    """Return a sentence for each medicine of a whole case that is not known, for the end of the interview."""
    case = _check_case(document)
    return tuple(
        dict.fromkeys(says for key in ("medicines", "allergies", "lines") for says in unknown_names(case, key))
    )


def further_questions(document: Document) -> Iterator[Question]:
    """Yield everything that may stay unknown, as the rules of the drug's folder need it."""
    from inotrope.drug import HasCondition, load_drug, walk
    from inotrope.patient import AgeGroup

    drug = load_drug(document["drug"])
    patient = _check_case(document)
    adult = patient.age_group is AgeGroup.ADULT
    infant = not adult and patient.age_years < 1
    decides = "needed, no dose without it" if patient.age_group in (None, AgeGroup.NEWBORN) else "Enter = unknown"
    yield _optional("Height (such as 178 cm; Enter = unknown)", _into("patient", "height"))
    if infant:
        yield _optional(
            f"Gestational age at birth (such as 27+3 or 39+0; {decides})", _into("patient", "gestational_age")
        )
    for name in dict.fromkeys((*_FIRST_MEASURED, *sorted(drug.judged_measurements))):
        yield _measurement(name)
    for name, of in sorted(drug.judged_levels):
        yield _measurement(name, of)
    leaves = (leaf for rule in drug.rules for leaf in walk(rule.when))
    conditions = dict.fromkeys(leaf.name for leaf in leaves if isinstance(leaf, HasCondition))
    for name in dict.fromkeys((*conditions, *_ALWAYS)):
        if (name not in _WOMEN or document["patient"]["sex"] == "female") and not (adult and name in _YOUNG):
            needed = "; needed below 1 year, no dose without it" if infant and name == _KIDNEY else ""
            yield _optional(f"{name[0].upper()}{name[1:]} (yes, no{needed})", _condition(name))
    yield _medicines("Other medicines, with commas between them, or none", "medicines", _names("medicines"))
    yield _medicines("Allergies, with commas between them, or none", "allergies", _names("allergies"))
    yield _medicines("Medicines in the same line, with commas between them, or none", "lines", _line)
    ended = ("end", f"  ended at {_AT[:-1]}; Enter when still on)")
    yield _timed("support", "Dialysis, CRRT, ECMO or another machine, or none", "start", "Since when", ended)
    yield _timed("events", "Arrhythmia or another event today, or none", "at", "When")
    yield from _given(drug.name)
    yield _optional("Bag or syringe (premix, vial)", _into("preparation", "product"))
    yield _optional("Its concentration (such as 200 mcg/mL; Enter = unknown)", _into("preparation", "concentration"))
    yield _optional("Its volume (such as 100 mL; Enter = unknown)", _into("preparation", "volume"))
    yield Question((("at", f"Hung {_AT[:-1]}; Enter = unknown)"),), _hung, _check_case)
    yield _optional("Smallest step of the pump (such as 0.1 mL/h; Enter = unknown)", _into("pump", "step"))


def _required(key: str, prompt: str, check: Callable[[Document], object] | None = None) -> Question:
    place = ("patient", key) if key in {"born", "sex", "weight"} else (key,)
    return Question(((key, prompt),), _into(*place), check or _check_case, required=True)


def _optional(prompt: str, put: Callable[[Document, Answers], None]) -> Question:
    return Question((("answer", prompt),), put, _check_case)


def _medicines(prompt: str, key: str, put: Callable[[Document, Answers], None]) -> Question:
    """Return a question for a list of medicines, of which unknown ones are told at once."""
    return Question((("answer", prompt),), put, _check_case, doubts=lambda case: unknown_names(_check_case(case), key))


def _into(*place: str) -> Callable[[Document, Answers], None]:
    def put(case: Document, answers: Answers) -> None:
        table = case
        for key in place[:-1]:
            table = table.setdefault(key, {})
        text = next(iter(answers.values()))
        table[place[-1]] = answer_of(text) if place[-1] in {"drug", "sex", "product"} else text

    return put


def _measurement(name: str, drug: str | None = None) -> Question:
    """Return the question for one measurement; a level is that of a drug."""
    of = {} if drug is None else {"of": drug}

    def put(case: Document, answers: Answers) -> None:
        row = {"what": name, **of, "value": answers["value"], "at": _moment(case, answers["at"])}
        case.setdefault("measurements", []).append(row)

    whose = "" if drug is None else f" of {drug}"
    prompts = (
        ("value", f"{name[0].upper()}{name[1:]}{whose}, newest"),
        ("at", f"  measured at {_AT}"),
    )
    return Question(prompts, put, _check_case)


def _condition(name: str) -> Callable[[Document, Answers], None]:
    def put(case: Document, answers: Answers) -> None:
        word = _YES.get(answer_of(answers["answer"]))
        if word is None:
            says = f"'{shorten(answers['answer'])}' is neither yes nor no. Press Enter where you do not know."
            raise RequestError(says, value=answers["answer"], accepted="yes, no, or nothing")
        case.setdefault("conditions", {})[name] = word

    return put


def _names(key: str) -> Callable[[Document, Answers], None]:
    def put(case: Document, answers: Answers) -> None:
        case[key] = _listed(answers["answer"])

    return put


def _line(case: Document, answers: Answers) -> None:
    names = _listed(answers["answer"])
    case["lines"] = [{"with": names}] if names else []


def _hung(case: Document, answers: Answers) -> None:
    case.setdefault("preparation", {})["hung"] = _moment(case, answers["at"])


def _timed(key: str, prompt: str, when: str, ask_when: str, *more: tuple[str, str]) -> Question:
    def put(case: Document, answers: Answers) -> None:
        if answer_of(answers["what"]) == "none":
            case.setdefault(key, [])
            return
        row = {"what": answers["what"], when: _moment(case, answers["at"]), **_end(case, answers)}
        case.setdefault(key, []).append(row)

    return Question((("what", prompt), ("at", f"  {ask_when} {_AT}"), *more), put, _check_case, repeats=True)


def _given(drug: str) -> Iterator[Question]:
    """Yield loads and infusions: both stand in one list, which is written empty only when both are known to be none."""

    def dose(case: Document, answers: Answers) -> None:
        if answer_of(answers["dose"]) == "none":
            case.setdefault("administrations", [])
            return
        row = {
            "of": drug,
            "start": _moment(case, answers["start"]),
            "duration": answers["duration"],
            "dose": answers["dose"],
        }
        case.setdefault("administrations", []).append(row)

    def rate(case: Document, answers: Answers) -> None:
        if answer_of(answers["rate"]) == "none":
            return  # loads have left an empty list where they are none too, and no list where they are unknown
        row = {"of": drug, "start": _moment(case, answers["start"]), "rate": answers["rate"], **_end(case, answers)}
        case.setdefault("administrations", []).append(row)

    def unknown(case: Document) -> None:
        if case.get("administrations") == []:
            del case["administrations"]

    started = ("start", f"  started at {_AT}")
    load = ("dose", f"A load of {drug} given before (such as 50 mcg/kg, or none; Enter = unknown)")
    loads = (load, started, ("duration", "  over (such as 10 min)"))
    yield Question(loads, dose, _check_case, repeats=True)
    stopped = ("end", "  stopped at (a time, or Enter when it still runs)")
    infusion = ("rate", f"An infusion of {drug} given or running (such as 0.5 mcg/kg/min, or none; Enter = unknown)")
    rates = (infusion, started, stopped)
    yield Question(rates, rate, _check_case, repeats=True, leave=unknown)


def _listed(text: str) -> list[str]:
    if answer_of(text) == "none":
        return []
    return [part.strip() for part in text.split(",") if part.strip()]


def _end(case: Document, answers: Answers) -> Document:
    return {"end": _moment(case, answers["end"])} if "end" in answers else {}


def _moment(case: Document, text: str) -> str:
    """Return a time as a case writes it; a bare hour and minute means the day and the zone of `now`."""
    hour, colon, minute = text.partition(":")
    if colon and len(text) <= len("06:10") and hour.isdigit() and minute.isdigit():
        now = str(case["now"])
        day, _, rest = now.partition("T")
        zone = next((rest[index:] for index, mark in enumerate(rest) if mark in "+-Z"), "")
        return f"{day}T{hour:0>2}:{minute:0>2}:00{zone}"
    return text


def _check_sex(case: Document) -> None:
    accepted = ("male", "female")
    if case["patient"]["sex"] not in accepted:
        written = case["patient"]["sex"]
        raise RequestError(f"'{shorten(written)}' is not accepted; {nearest(written, accepted)}.", value=written)


def _check_indication(case: Document) -> None:
    from inotrope.dosing import find_entry
    from inotrope.drug import load_drug
    from inotrope.findings import Refusal

    found = find_entry(load_drug(case["drug"]), _check_case(case))
    if isinstance(found, Refusal) and found.id == "no-entry-for-indication":  # the age is not asked yet
        raise RequestError(found.says, value=case["indication"])


def _check_case(case: Document) -> Case:
    """Read the whole case as far as it goes, so that no answer is refused later.

    Something stands for what was not asked yet; it is never written.
    """
    from inotrope.patient import read_case

    person = case.get("patient", {})
    age = {} if "born" in person else {"age": "50 years"}
    return read_case({**_NOT_ASKED_YET, **case, "patient": {"sex": "male", "weight": "70 kg", **age, **person}})
