"""The discovery: which hooks are answered, and what of a record is asked to be sent along.

Knows the templates, in the subset that the specification recommends: a read, or a search by patient, code, status,
order and count. One id stands under all hooks, so that a client replaces the cards of an earlier hook by those of a
later one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from inotrope.hooks.call import HOOKS, ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from inotrope.patient import vocabulary

ID = "inotrope"
"""The service's id, the last part of its address."""
LOINC = "http://loinc.org"
PANELS = ("85354-9", "55284-4")
"""Blood pressure, its parts as components: as recalled, and as Synthea sends it (bedside-and-exchange.md:50-53)."""
_PATIENT = "{{context.patientId}}"
_ABOUT = {
    PATIENT_VIEW: (
        "Milrinone that runs",
        "Says what of the record speaks against a milrinone infusion that runs now. Silent for everybody else.",
    ),
    ORDER_SELECT: (
        "Infusion orders, as they are selected",
        "Holds an infusion order against itself, and a milrinone order against the patient's record.",
    ),
    ORDER_SIGN: (
        "Infusion orders, before they are signed",
        "Holds an infusion order against itself, and a milrinone order against the patient's record.",
    ),
}
USAGE = (
    "Milrinone is judged where the patient, weight and creatinine are sent along or can be read from the FHIR server. "
    "For professionals; it replaces no judgement and is not cleared as a medical device."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked to be sent along under one key: the type of resource, and the search behind its `?`."""

    resource: str
    search: str

    @property
    def template(self) -> str:
        """The template of CDS Hooks."""
        return f"{self.resource}?{self.search}" if self.search else f"{self.resource}/{_PATIENT}"

    def address(self, patient: str) -> str:
        """Return the template with the patient's id put in, as it stands behind the address of a FHIR server."""
        return self.template.replace(_PATIENT, patient)


@cache
def prefetch() -> Mapping[str, Asked]:
    """Return what is asked to be sent along, by key."""
    codes = sorted({code for kind in _kinds() for code in kind})
    of = f"patient={_PATIENT}"
    measured = ",".join(f"{LOINC}|{code}" for code in codes)
    return {
        "patient": Asked("Patient", ""),
        "observations": Asked("Observation", f"{of}&code={measured}&_sort=-date&_count=200"),
        "conditions": Asked("Condition", of),
        "allergies": Asked("AllergyIntolerance", of),
        "medicationRequests": Asked("MedicationRequest", f"{of}&status=active,on-hold"),
        "medicationAdministrations": Asked("MedicationAdministration", f"{of}&_sort=-effective-time&_count=100"),
        "devices": Asked("Device", of),
        "deviceUse": Asked("DeviceUseStatement", of),
        "procedures": Asked("Procedure", f"{of}&_sort=-date&_count=50"),
    }


def _kinds() -> list[list[str]]:
    words = vocabulary()
    found = [words.measurement(name) for name in words.names("measurement")]
    return [[code.code for code in kind.loinc] for kind in found if kind is not None] + [list(PANELS)]


def discovery() -> dict[str, Any]:
    """Return the answer of `GET /cds-services`."""
    templates = {key: asked.template for key, asked in prefetch().items()}
    return {
        "services": [
            {
                "hook": hook,
                "id": ID,
                "title": _ABOUT[hook][0],
                "description": _ABOUT[hook][1],
                "usageRequirements": USAGE,
                "prefetch": templates,
            }
            for hook in HOOKS
        ]
    }
