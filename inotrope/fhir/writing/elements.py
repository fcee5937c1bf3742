"""The small parts of which a resource is put together: quantities, codes, references, moments.

Knows UCUM, the systems of codes, and that on screen a unit is written as ISMP asks (`mcg`) while its code is UCUM's
(`ug`). Only codes that were confirmed in a source are written.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from inotrope.drug import Drug
from inotrope.errors import RequestError
from inotrope.findings import Status
from inotrope.units import Quantity, to_ucum
from inotrope.units.quantity import round_half_up

Plain = dict[str, Any]

UCUM = "http://unitsofmeasure.org"
SYSTEMS = {"RxNorm": "http://www.nlm.nih.gov/research/umls/rxnorm", "ATC": "http://www.whocc.no/atc"}
"""https://hl7.org/fhir/R4/terminologies-systems.html."""
RATE_TYPE = "http://terminology.hl7.org/CodeSystem/dose-rate-type"
RULES = "urn:inotrope:rule"
"""The system of this program's own ids of rules."""
_DECIMALS = 4
"""As many as a plan shows of a rate."""
_PATIENT = re.compile(r"Patient/[A-Za-z0-9\-.]{1,64}")


def quantity(value: Quantity) -> Plain:
    """Return a quantity: its unit as it is shown, its code from UCUM, to four decimals."""
    number = float(round_half_up(value.value, _DECIMALS))
    return {"value": number, "unit": value.unit, "system": UCUM, "code": to_ucum(value.unit)}


def moment(value: datetime) -> str:
    """Return a moment to the second, with its zone."""
    return value.isoformat(timespec="seconds")


def words(text: str) -> Plain:
    """Return a concept that has words and no code."""
    return {"text": text}


def patient(reference: str) -> Plain:
    """Return a reference to the patient.

    Raises:
        RequestError: It is not of the form `Patient/ID`.
    """
    if not _PATIENT.fullmatch(reference):
        raise RequestError("A patient is named as 'Patient/ID'.", value=reference, accepted="Patient/ID")
    return {"reference": reference}


def medication(drug: Drug, text: str) -> Plain:
    """Return a medicine by the confirmed codes of its substance, with a text that says which bag or vial is meant."""
    coding = [
        {"system": SYSTEMS[code.system], "code": code.code, "display": drug.name}
        for code in drug.codes
        if code.system in SYSTEMS and code.source.status is Status.CONFIRMED and _is_substance(code.of, drug.name)
    ]
    return {"coding": coding, "text": text}


def _is_substance(of: str, name: str) -> bool:
    return of in (name, f"{name}, ingredient")
