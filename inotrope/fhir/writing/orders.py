"""A plan as medication requests: the load and the infusion, each as a proposal in draft that somebody has to sign.

Knows what an order must say so that it can be held against itself: the rate with its weight and its pump setting, the
concentration, and whose dose it is. It writes nothing where the plan gives no rate, and nothing while an infusion runs:
what follows then is a step, which the plan tells in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inotrope.drug import load_drug
from inotrope.fhir.writing.elements import RATE_TYPE, Plain, medication, moment, patient, quantity, words
from inotrope.fhir.writing.proving import prove_resource
from inotrope.plan import NOTICE, PlanStatus

if TYPE_CHECKING:
    from inotrope.dosing import LoadingDose
    from inotrope.plan import Plan
    from inotrope.plan.record import RateProposal

_CALCULATED = {"coding": [{"system": RATE_TYPE, "code": "calculated", "display": "Calculated"}]}
_ROUTE = "intravenous"


def medication_requests(plan: Plan, subject: str, *, id_: str | None = None) -> tuple[Plain, ...]:
    """Return the load, where one is given, and the infusion of a plan; none where it gives no rate, or one runs.

    Args:
        plan: The plan.
        subject: The patient, as `Patient/ID`.
        id_: The id of the draft that the infusion stands for; without one it has none.

    Raises:
        RequestError: The patient is not named so.
    """
    rate = plan.maintenance
    if plan.status is not PlanStatus.PLAN or rate is None or plan.running is not None:
        return ()
    load = plan.loading_dose
    found = [] if load is None or not load.given else [_request(plan, subject, _load(load, plan), _vial(load, plan))]
    found.append(_request(plan, subject, _infusion(rate, plan), _bag(plan), id_))
    for one in found:
        prove_resource(one)
    return tuple(found)


def _request(plan: Plan, subject: str, dosage: Plain, medicine: str, id_: str | None = None) -> Plain:
    made: dict[str, Any] = {"resourceType": "MedicationRequest"}
    made |= {} if id_ is None else {"id": id_}
    made |= {
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": medication(load_drug(plan.drug), medicine),
        "subject": patient(subject),
        "authoredOn": moment(plan.made_for),
    }
    made |= {} if plan.entry is None else {"reasonCode": [words(plan.entry.indication)]}
    return made | {"note": [{"text": NOTICE}], "dosageInstruction": [dosage]}


def _infusion(rate: RateProposal, plan: Plan) -> Plain:
    says = f"{plan.drug} {rate.rate.shown(4)} {_ROUTE}, continuous"
    bag = plan.preparation
    if rate.pump_rate is not None and bag is not None and bag.concentration is not None:
        says += f": {rate.pump_rate} of {bag.concentration}"
    text = f"{says}, dosing weight {plan.patient.weight} (actual body weight)"
    extra = [words(f"At most {rate.maximum.shown(4)}: {rate.maximum_because}")]
    return _dosage(text, {"rateQuantity": quantity(rate.rate)}, extra)


def _load(load: LoadingDose, plan: Plan) -> Plain:
    assert load.dose is not None and load.duration is not None and load.dose_per_weight is not None  # it is given
    drawn = " and ".join(f"{item.volume} of {item.strength}" for item in load.volumes)
    text = f"{plan.drug} {load.dose_per_weight.shown(4)} over {load.duration} {_ROUTE}, once: {load.dose}"
    text += f" ({drawn})" if drawn else ""
    text += f", dosing weight {plan.patient.weight} (actual body weight)"
    ratio = {"numerator": quantity(load.dose), "denominator": quantity(load.duration)}
    extra = [words(f"Only if {item}") for item in load.only_if]
    return _dosage(text, {"doseQuantity": quantity(load.dose), "rateRatio": ratio}, extra)


def _dosage(text: str, amounts: Plain, extra: list[Plain]) -> Plain:
    made: Plain = {"sequence": 1, "text": text}
    made |= {"additionalInstruction": extra} if extra else {}
    return made | {"route": words(_ROUTE), "doseAndRate": [{"type": _CALCULATED, **amounts}]}


def _bag(plan: Plan) -> str:
    bag = plan.preparation
    return plan.drug if bag is None or bag.concentration is None else f"{plan.drug} {bag.concentration}"


def _vial(load: LoadingDose, plan: Plan) -> str:
    return load.volumes[0].product if load.volumes else _bag(plan)
