"""The answer to one call: the record that came read into a case, each infusion order held against it, and the cards.

Knows which drafts are looked at, and when there is nothing to say. A dose comes from the plan alone; a plan is made
here without a forecast, so that nobody waits. What fails for one draft is told of it, and keeps nothing else back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inotrope.drug import Site, list_drugs, load_drug
from inotrope.errors import InotropeError
from inotrope.fhir.drafts import Draft, read_drafts
from inotrope.fhir.reading import read
from inotrope.hooks.call import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW, Call
from inotrope.hooks.cards import Card, Indicator
from inotrope.hooks.saying import Said, of_order, of_parts, of_patient, of_what_runs
from inotrope.hooks.services import LOINC
from inotrope.hooks.writing import NO_HINTS, Hints, card_of
from inotrope.patient import Case, read_case
from inotrope.plan import check_order, make_plan
from inotrope.plan.parts_of_orders import compare_parts

if TYPE_CHECKING:
    from inotrope.fhir.reading import Reading
    from inotrope.plan import Plan

_READ_ALL_THE_SAME = frozenset({"record", "administrations"})
"""What a reading leaves open and a card does without: what is absent may only be unsaid, and what is there holds."""


class DataLacking(InotropeError):
    """What is needed was not sent along and cannot be asked for."""

    kind = "request"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known while a call is answered.

    Attributes:
        call: The call.
        sources: Resources and Bundles of the record, as they were sent or fetched.
        now: The moment, with its zone.
        site: The hospital's own file; None where there is none.
        hints: What a card may lead to.
    """

    call: Call
    sources: Sequence[object]
    now: datetime
    site: Site | None = None
    hints: Hints = NO_HINTS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered with.

    Attributes:
        cards: None or more.
        notes: For the log: words of a closed list on what could not be used, and nothing that was sent.
        versions: What computed it; empty where nothing was computed.
    """

    cards: tuple[Card, ...]
    notes: tuple[str, ...] = ()
    versions: str = ""


def warm() -> None:
    """Read what every answer is made from, once: a plan, an order and the codes of a record. The patient is nobody."""
    name = list_drugs()[0]
    kilograms = {"value": 70, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    now = datetime.now(UTC)
    code = {"coding": [{"system": LOINC, "code": "29463-7"}]}
    weight = {"resourceType": "Observation", "status": "final", "valueQuantity": kilograms, "code": code}
    weight |= {"effectiveDateTime": now.isoformat()}
    draft = {"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": name},
             "reasonCode": [{"text": next(iter(load_drug(name).entries_by_indication))}],
             "dosageInstruction": [{"text": f"{name} 0.5 mcg/kg/min, 70 kg"}]}  # fmt: skip
    patient = {"resourceType": "Patient", "id": "none", "gender": "male", "birthDate": "1970-01-01"}
    answer(Asked(Call(ORDER_SIGN, "none", "none", (draft,), None, {}, None), [patient, weight], now))


def needs_record(call: Call) -> bool:
    """Tell whether a call is about a drug of the library, so that the record must be read.

    Args:
        call: The call; of patient-view the record alone can tell.
    """
    return call.hook == PATIENT_VIEW or any(_of_library(draft) for draft in _looked_at(call, ()))


def answer(asked: Asked) -> Answer:
    """Return what a call is answered with.

    Args:
        asked: The call, and what is known of its patient.

    Raises:
        DataLacking: An order of a drug of the library cannot be held against its patient, who was not sent.
    """
    if asked.call.hook == PATIENT_VIEW:
        return _view(asked)
    drafts = _looked_at(asked.call, asked.sources)
    others = tuple(dict.fromkeys(draft.medicine for draft in drafts if draft.medicine and not _of_library(draft)))
    cards: list[Card] = []
    notes: list[str] = []
    told: set[tuple[str, str]] = set()
    versions = ""
    for draft in drafts:
        if _of_library(draft):
            plan, said, offered = _of_draft(draft, others, asked)
            versions = versions if plan is None else _versions(plan)
            # A load and its infusion are two orders of one patient: what speaks against both is told once.
            new = [one for one in said if (draft.medicine, one.says) not in told]
            told.update((draft.medicine, one.says) for one in new)
            cards += card_of(draft.medicine, new, draft, offered, asked.hints)
        elif draft.medicine:
            apart = [one for order in draft.orders for one in of_parts(compare_parts(order))]
            cards += card_of(draft.medicine, apart, draft, None, asked.hints)
        notes += ["order-not-read"] if draft.unread else []
    return Answer(tuple(cards), tuple(dict.fromkeys(notes)), versions)


def _looked_at(call: Call, sources: Sequence[object]) -> list[Draft]:
    """Return the drafts that order something now; of a selection, those that are selected."""
    drafts = [draft for draft in read_drafts(call.drafts, sources) if not draft.over]
    if call.hook == ORDER_SELECT and call.selected is not None:
        return [draft for draft in drafts if draft.name in call.selected or draft.id is None] or drafts
    return drafts


def _of_library(draft: Draft) -> bool:
    return draft.medicine in list_drugs()


def _view(asked: Asked) -> Answer:
    reading = read(*asked.sources, now=asked.now, patient=asked.call.patient)
    drug = reading.case.get("drug")
    given = {str(item.get("of")) for item in reading.case.get("administrations", ())}
    if drug is None or drug not in given:
        return Answer(())
    plans = _plans(reading, asked.site)
    if not plans:
        says = f"What is given of {drug} was not checked. " + " ".join(item.says for item in reading.open)
        unchecked = [Said(Indicator.INFO, "record-incomplete", says)]
        notes = tuple(f"open: {item.key}" for item in reading.open)
        return Answer(tuple(card_of(drug, unchecked, None, None, asked.hints)), notes)
    said = _in_all([list(of_what_runs(plan)) for _, plan in plans])
    plan = plans[0][1]
    return Answer(tuple(card_of(drug, said, None, plan, asked.hints)), (), _versions(plan))


def _of_draft(draft: Draft, others: tuple[str, ...], asked: Asked) -> tuple[Plan | None, list[Said], Plan | None]:
    """Return the plan of the patient, what speaks against one draft, and the plan from which something is offered."""
    call = asked.call
    if draft.patient is not None and call.patient is not None and draft.patient != call.patient:
        says = "The order names another patient than the one whose record is open. It was not checked."
        return None, [Said(Indicator.CRITICAL, "another-patient", says, "Check for whom it is.")], None
    said = [_unread(one) for one in draft.unread]
    reading = _reading(draft, others, asked)
    plans = _plans(reading, asked.site)
    signing = call.hook == ORDER_SIGN
    alone: list[tuple[Case | None, Plan | None]] = [(None, None)]
    said += _in_all([_against(draft, case, plan, asked.site, signing) for case, plan in plans or alone])
    plan = plans[0][1] if plans else None
    if not reading.open:
        return plan, said, plan
    if not plans and not said and not reading.case.get("patient"):
        raise DataLacking("The patient was not sent along, and no FHIR server may be asked. Send what is asked for.")
    open_ones = " ".join(item.says for item in reading.open)
    if plans:
        said.append(Said(Indicator.INFO, "record-incomplete", open_ones))
    else:
        says = f"The order was not checked for this patient. {open_ones}"
        said.append(Said(Indicator.WARNING, "record-incomplete", says))
    return plan, said, None


def _against(draft: Draft, case: Case | None, plan: Plan | None, site: Site | None, signing: bool) -> list[Said]:
    """Return what speaks against the orders of one draft, and what the plan of its patient warns of."""
    said: list[Said] = []
    for order in draft.orders:
        try:
            said += of_order(check_order(order, case=case, site=site, plan=plan), plan, signing=signing)
        except InotropeError as problem:
            said.append(_unread(problem.says))
    return [*said, *(() if plan is None else of_patient(plan))]


def _in_all(each: list[list[Said]]) -> list[Said]:
    """Return what is said whatever the drug is for, where nobody says what it is for: by its rule, not by its limit.

    What holds for some of it and would stop the order is told as a warning.
    """
    rules = [{one.rule for one in said} for said in each]
    everywhere = set.intersection(*rules)
    found = {one.rule: one for said in each for one in said if one.indicator is Indicator.CRITICAL}
    sometimes = [one for one in found.values() if one.rule not in everywhere]
    partly = [
        replace(one, indicator=Indicator.WARNING, says=f"Depending on what it is for: {one.says}") for one in sometimes
    ]
    return [*(one for one in each[0] if one.rule in everywhere), *partly]


def _unread(says: str) -> Said:
    return Said(Indicator.WARNING, "order-not-read", says, "Write the order anew, or have it checked by hand.")


def _reading(draft: Draft, others: tuple[str, ...], asked: Asked) -> Reading:
    """Read the record; what a draft says besides (what it is for, what else is in the bag) goes along."""
    now, patient, drug = asked.now, asked.call.patient, draft.medicine
    reading = read(*asked.sources, now=now, patient=patient, drug=drug)
    if draft.reasons and any(item.key == "indication" for item in reading.open):
        reading = read(*asked.sources, now=now, patient=patient, drug=drug, indication=draft.reasons[0])
    if draft.also:
        reading.case["lines"] = [*reading.case.get("lines", ()), {"with": list(draft.also)}]
    beside = [name for name in (*draft.also, *others) if name not in reading.case.get("medicines", ())]
    if beside:
        reading.case["medicines"] = [*reading.case.get("medicines", ()), *beside]
    return reading


def _plans(reading: Reading, site: Site | None) -> list[tuple[Case, Plan]]:
    """Return the plan of a record; where it does not say what the drug is for, that of each thing it can be for here.

    None where a person has to say something that no card does without.
    """
    keys = {item.key for item in reading.open}
    drug = reading.case.get("drug")
    if keys - _READ_ALL_THE_SAME - {"indication"} or drug not in list_drugs():
        return []
    every = [reading.case]
    if "indication" in keys:
        names = dict.fromkeys(entry.indication for entry in load_drug(str(drug)).entries)
        every = [reading.case | {"indication": name} for name in names]
    try:
        cases = [read_case(document) for document in every]
    except InotropeError:
        return []
    plans = [(case, make_plan(case, forecast=False, site=site)) for case in cases]
    return [(case, plan) for case, plan in plans if plan.entry is not None] or plans[:1]


def _versions(plan: Plan) -> str:
    made = plan.versions
    return f"inotrope {made.inotrope}, {plan.drug} {made.drug_folder[:12]}, vocabulary {made.vocabulary[:12]}"
