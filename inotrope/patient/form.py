"""The form of a case as it comes in: which keys there are, which are required, what kind of text each holds.

The only place that uses Pydantic. Knows keys and shapes, and publishes them as JSON Schema; it does not know what a
quantity, a time or a name means (`reading.py` does), and nothing after `read_case` sees these classes. A case that is
plainly sound does not come here (`plain_form.py`): whatever is wrong with a case is found and said here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema

from inotrope.errors import CaseError, nearest, shorten
from inotrope.files import dotted
from inotrope.patient.plain_form import refuse_at_sight
from inotrope.patient.vocabulary import vocabulary

_QUANTITY = r"^\s*<?\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?(\s*[^\s0-9.,eE+-].*|\s+\S.*)$"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-5][0-9])$"

# A quantity or a time is let through as it is, so that `82` is answered with "has no unit" and not with "not a string".
_Quantity = Annotated[
    Any, WithJsonSchema({"type": "string", "pattern": _QUANTITY, "description": "A number with its unit: '82 kg'."})
]
_Time = Annotated[
    Any, WithJsonSchema({"type": "string", "pattern": _TIME, "description": "ISO 8601 with its zone or offset."})
]
_Born = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$|{_TIME}",
            "description": "The date of birth; with time and zone where hours of life count.",
        }
    ),
]
_Gestation = Annotated[
    Any, WithJsonSchema({"type": "string", "description": "Gestational age at birth: '27+3' or '27 weeks 3 days'."})
]
_Clearance = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": _QUANTITY,
            "description": "What the machine clears of the drug, a flow: '1.2 L/h'. It serves the forecast alone.",
        }
    ),
]
_Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200, pattern=r"\S")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class PersonForm(_Form):
    """The patient: `born` or `age`, sex and weight are required."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["born"]}, {"required": ["age"]}]})
    born: _Born | None = None
    age: _Quantity | None = None
    sex: Literal["male", "female"]
    weight: _Quantity
    height: _Quantity | None = None
    gestational_age: _Gestation | None = None


class MeasurementForm(_Form):
    """One measurement: what, how much, when; `of` names the drug of a concentration."""

    what: _Name
    of: _Name | None = None
    value: _Quantity
    at: _Time
    site: _Name | None = None


class AdministrationForm(_Form):
    """One thing given: a dose or a rate; a dose of the drug of the case needs its duration or its end."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["dose"]},
                {"required": ["rate"]},
            ],
            "not": {"required": ["duration", "end"]},
        }
    )
    of: _Name
    start: _Time
    duration: _Quantity | None = None
    end: _Time | None = None
    dose: _Quantity | None = None
    rate: _Quantity | None = None


class SupportForm(_Form):
    """A machine that works on the patient."""

    what: _Name
    start: _Time
    end: _Time | None = None
    effluent: _Quantity | None = None
    clearance: _Clearance | None = None


class EventForm(_Form):
    """Something that happened at a moment."""

    what: _Name
    at: _Time


class LineForm(_Form):
    """What runs in the same line."""

    with_: list[_Name] = Field(alias="with")


class PreparationForm(_Form):
    """The bag or syringe on the pump."""

    product: Literal["premix", "vial"] | None = None
    concentration: _Quantity | None = None
    amount: _Quantity | None = None
    volume: _Quantity | None = None
    diluent: _Name | None = None
    hung: _Time | None = None


class PumpForm(_Form):
    """The pump's smallest step and lowest rate."""

    step: _Quantity | None = None
    minimum: _Quantity | None = None


class CaseForm(_Form):
    """A case; a key that is absent means unknown, and an empty list means none.

    `incomplete` names the lists that hold what is known and perhaps not all there is: what is not in them is unknown.
    """

    drug: _Name
    indication: _Name
    now: _Time
    patient: PersonForm
    conditions: dict[_Name, Literal["present", "absent", "unknown"]] | None = None
    medicines: list[_Name] | None = None
    allergies: list[_Name] | None = None
    measurements: list[MeasurementForm] | None = None
    administrations: list[AdministrationForm] | None = None
    support: list[SupportForm] | None = None
    events: list[EventForm] | None = None
    lines: list[LineForm] | None = None
    preparation: PreparationForm | None = None
    pump: PumpForm | None = None
    authority: _Name | None = None
    incomplete: list[Literal["medicines", "administrations", "support", "events", "lines"]] | None = None


PARTS: dict[str, type[BaseModel]] = {
    "patient": PersonForm,
    "measurements": MeasurementForm,
    "administrations": AdministrationForm,
    "support": SupportForm,
    "events": EventForm,
    "lines": LineForm,
    "preparation": PreparationForm,
    "pump": PumpForm,
}
"""Which form stands under which key of a case."""


def known_keys(part: str | None) -> tuple[str, ...]:
    """Return the keys of the case itself (None) or of one of its parts, as they are written."""
    form = CaseForm if part is None else PARTS[part]
    return tuple(field.alias or name for name, field in form.model_fields.items())


def read_form(document: Any) -> CaseForm:
    """Return a case whose keys and shapes are sound.

    Raises:
        CaseError: An unknown or missing key, a null, or a value of the wrong shape; the first one found.
    """
    refuse_at_sight(document)
    if not isinstance(document, dict):
        raise CaseError('A case is one JSON object, such as { "drug": ... }.', value=document, accepted="an object")
    try:
        return CaseForm.model_validate(document)
    except ValidationError as problem:
        raise _one_error(problem) from None


_WRITE = {
    "drug": 'Write the drug\'s name, such as "milrinone".',
    "indication": 'Write what the drug is for, such as "acute decompensated heart failure".',
    "now": 'Write the time of planning with its zone, such as "2026-11-22T08:00:00+01:00".',
    "patient": "Write born (or age), sex and weight.",
    "sex": 'Write "male" or "female".',
    "weight": 'Write it with its unit, such as "82 kg".',
    "what": "Write what it is.",
    "value": 'Write the number with its unit, such as "4.1 mmol/L".',
    "at": 'Write the time with its zone, such as "2026-11-22T08:00:00+01:00".',
    "of": "Write the drug's name.",
    "start": 'Write the time with its zone, such as "2026-11-22T08:00:00+01:00".',
    "with": "Write the list of what runs in the same line.",
}
"""What to write under each required key; examples of form, not clinical advice."""
_CALLED = {
    "drug": "The drug",
    "indication": "The indication",
    "now": "The time of planning",
    "patient": "The patient",
    "sex": "The sex",
    "weight": "The weight",
    "what": "What it is",
    "value": "The value",
    "at": "The time",
    "of": "The drug's name",
    "start": "The time of its start",
    "with": "What runs in the same line",
}
"""The same keys as a person says them; which key it is stands in the place of the error."""


def _one_error(problem: ValidationError) -> CaseError:
    """Turn what Pydantic found into one error; an unknown key first, since it often explains a missing one."""
    found = problem.errors(include_url=False, include_context=False)
    first = next((item for item in found if item["type"] == "extra_forbidden"), found[0])
    path, value = tuple(first["loc"]), first["input"]
    key, where, kind = str(path[-1]) if path else "The case", dotted(path), first["type"]
    if kind == "extra_forbidden":
        known = known_keys(str(path[0]) if len(path) > 1 else None)
        return CaseError(
            f"Key '{shorten(key)}' is not known here; {nearest(key, known)}.",
            value=key,
            accepted=", ".join(known),
            where=shorten(where),
        )
    if kind == "missing":
        return CaseError(f"{_CALLED[key]} is missing. {_WRITE[key]}", accepted=_WRITE[key], where=where)
    accepted = _ACCEPTED.get(kind, first["msg"])
    if kind == "literal_error":
        accepted = {"sex": "male, female", "product": "premix, vial"}.get(key, "present, absent, unknown")
    return CaseError(
        f"'{shorten(str(value))}' is not accepted here. Accepted: {accepted}.",
        value=value,
        accepted=accepted,
        where=shorten(where),
    )


_ACCEPTED = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "string_pattern_mismatch": "text that is not empty",
    "string_too_long": "text of at most 200 characters",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
    "list_type": "a list",
}


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a case; names are examples, since synonyms are accepted too."""
    words = vocabulary()
    schema = CaseForm.model_json_schema()
    parts = schema["$defs"]
    schema["properties"]["conditions"]["examples"] = [dict.fromkeys(words.names("condition"), "unknown")]
    for part, kind in (("MeasurementForm", "measurement"), ("SupportForm", "support"), ("EventForm", "event")):
        parts[part]["properties"]["what"]["examples"] = list(words.names(kind))
    without_null: dict[str, Any] = _without_null(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **without_null, "title": "Case"}


def _without_null(node: Any) -> Any:
    """Drop null as a value: what is not known is left out of a case."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(value) for key, value in node.items() if not (key == "default" and value is None)}
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return {**choices[0], **kept}
    return kept
