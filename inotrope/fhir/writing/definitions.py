"""The parts of FHIR R4 (4.0.1) that this program writes: which elements, how often, of which type.

Knows the resources and data types that leave this program and no others. One line an element: its name, how often it
may stand (`0..1`, `1..1`, `0..*`), its type, and of a required binding its codes. `[x]` is a choice: one of its types
stands at most. Written from the resource pages of the specification, https://hl7.org/fhir/R4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_RESOURCE = "id 0..1 id; meta 0..1 Meta; language 0..1 code; contained 0..* Resource; "

_TEXTS = {
    # --- data types
    "Meta": "versionId 0..1 id; lastUpdated 0..1 instant; source 0..1 uri; profile 0..* uri; tag 0..* Coding",
    "Coding": "system 0..1 uri; version 0..1 string; code 0..1 code; display 0..1 string; userSelected 0..1 boolean",
    "CodeableConcept": "coding 0..* Coding; text 0..1 string",
    "Quantity": "value 0..1 decimal; comparator 0..1 code <,<=,>=,>; unit 0..1 string; system 0..1 uri; code 0..1 code",
    "Ratio": "numerator 0..1 Quantity; denominator 0..1 Quantity",
    "Range": "low 0..1 Quantity; high 0..1 Quantity",
    "Period": "start 0..1 dateTime; end 0..1 dateTime",
    "Identifier": "use 0..1 code; type 0..1 CodeableConcept; system 0..1 uri; value 0..1 string",
    "Reference": "reference 0..1 string; type 0..1 uri; identifier 0..1 Identifier; display 0..1 string",
    "Annotation": "author[x] 0..1 Reference,string; time 0..1 dateTime; text 1..1 markdown",
    "Timing": "event 0..* dateTime; code 0..1 CodeableConcept",
    "Dosage": "sequence 0..1 integer; text 0..1 string; additionalInstruction 0..* CodeableConcept; "
    "patientInstruction 0..1 string; timing 0..1 Timing; asNeeded[x] 0..1 boolean,CodeableConcept; "
    "site 0..1 CodeableConcept; route 0..1 CodeableConcept; method 0..1 CodeableConcept; "
    "doseAndRate 0..* DoseAndRate; maxDosePerPeriod 0..1 Ratio; maxDosePerAdministration 0..1 Quantity; "
    "maxDosePerLifetime 0..1 Quantity",
    "DoseAndRate": "type 0..1 CodeableConcept; dose[x] 0..1 Range,Quantity; rate[x] 0..1 Ratio,Range,Quantity",
    # --- resources
    "MedicationRequest": _RESOURCE + "identifier 0..* Identifier; "
    "status 1..1 code active,on-hold,cancelled,completed,entered-in-error,stopped,draft,unknown; "
    "statusReason 0..1 CodeableConcept; "
    "intent 1..1 code proposal,plan,order,original-order,reflex-order,filler-order,instance-order,option; "
    "category 0..* CodeableConcept; priority 0..1 code routine,urgent,asap,stat; doNotPerform 0..1 boolean; "
    "medication[x] 1..1 CodeableConcept,Reference; subject 1..1 Reference; encounter 0..1 Reference; "
    "supportingInformation 0..* Reference; authoredOn 0..1 dateTime; requester 0..1 Reference; "
    "reasonCode 0..* CodeableConcept; reasonReference 0..* Reference; instantiatesUri 0..* uri; "
    "note 0..* Annotation; dosageInstruction 0..* Dosage; detectedIssue 0..* Reference",
    "ServiceRequest": _RESOURCE + "identifier 0..* Identifier; "
    "status 1..1 code draft,active,on-hold,revoked,completed,entered-in-error,unknown; "
    "intent 1..1 code proposal,plan,directive,order,original-order,reflex-order,filler-order,instance-order,option; "
    "category 0..* CodeableConcept; priority 0..1 code routine,urgent,asap,stat; doNotPerform 0..1 boolean; "
    "code 0..1 CodeableConcept; subject 1..1 Reference; encounter 0..1 Reference; "
    "occurrence[x] 0..1 dateTime,Period,Timing; authoredOn 0..1 dateTime; requester 0..1 Reference; "
    "reasonCode 0..* CodeableConcept; reasonReference 0..* Reference; note 0..* Annotation; "
    "patientInstruction 0..1 string",
    "DetectedIssue": _RESOURCE + "identifier 0..* Identifier; "
    "status 1..1 code registered,preliminary,final,amended,corrected,cancelled,entered-in-error,unknown; "
    "code 0..1 CodeableConcept; severity 0..1 code high,moderate,low; patient 0..1 Reference; "
    "identified[x] 0..1 dateTime,Period; author 0..1 Reference; implicated 0..* Reference; evidence 0..* Evidence; "
    "detail 0..1 string; reference 0..1 uri; mitigation 0..* Mitigation",
    "Evidence": "code 0..* CodeableConcept; detail 0..* Reference",
    "Mitigation": "action 1..1 CodeableConcept; date 0..1 dateTime; author 0..1 Reference",
    "OperationOutcome": _RESOURCE + "issue 1..* Issue",
    "Issue": "severity 1..1 code fatal,error,warning,information; "
    "code 1..1 code invalid,structure,required,value,invariant,security,login,unknown,expired,forbidden,suppressed,"
    "processing,not-supported,duplicate,multiple-matches,not-found,deleted,too-long,code-invalid,extension,too-costly,"
    "business-rule,conflict,transient,lock-error,no-store,exception,timeout,incomplete,throttled,informational; "
    "details 0..1 CodeableConcept; diagnostics 0..1 string; location 0..* string; expression 0..* string",
    "Bundle": "id 0..1 id; meta 0..1 Meta; type 1..1 code "
    "document,message,transaction,transaction-response,batch,batch-response,history,searchset,collection; "
    "timestamp 0..1 instant; total 0..1 integer; entry 0..* Entry",
    "Entry": "fullUrl 0..1 uri; resource 0..1 Resource",
}
RESOURCES = ("MedicationRequest", "ServiceRequest", "DetectedIssue", "OperationOutcome", "Bundle")
"""The resources that are written."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type.

    Attributes:
        name: As it stands in JSON; of a choice the part before its type.
        least: How often it must stand.
        many: Whether it is a list.
        type: The type's name.
        codes: Of a required binding the codes; empty for none.
        choice: The element of which it is one choice; empty for none.
    """

    name: str
    least: int
    many: bool
    type: str
    codes: frozenset[str]
    choice: str


@cache
def elements_of(name: str) -> dict[str, Element]:
    """Return the elements of a type by their names in JSON; a choice stands once for each of its types.

    Args:
        name: Of a type that is written, such as `Dosage`.
    """
    found: dict[str, Element] = {}
    for line in _TEXTS[name].split(";"):
        key, often, kind, *codes = line.split()
        least, many = int(often[0]), often.endswith("*")
        if not key.endswith("[x]"):
            allowed = frozenset(",".join(codes).split(",")) if codes else frozenset()
            found[key] = Element(key, least, many, kind, allowed, "")
            continue
        for one in kind.split(","):
            plain = key.removesuffix("[x]") + one[0].upper() + one[1:]
            found[plain] = Element(plain, least, many, one, frozenset(), key)
    return found
