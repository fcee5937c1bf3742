"""Questions that staff and families ask again and again, with the answers of the drug folder.

Knows the form of `questions.toml` and the closed list of parts that can be worked out for one case. It works out
nothing (`plan/answers.py` does), and holds no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inotrope.drug.proofs import prove_unique
from inotrope.drug.reading import Section
from inotrope.findings import SourceReference, Status


class Computed(StrEnum):
    """What can be worked out for one case beside the written answer."""

    TIME_LIMITS = "time limits"
    MEDICINES = "medicines"
    INTERRUPTION = "interruption"
    STORAGE = "storage"
    AFTER_STOP = "after stop"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in the words of both readers.

    Attributes:
        id: Unique in the folder.
        asks: As staff ask it.
        asks_family: As a patient or a family asks it.
        staff: The answer for staff.
        family: The answer in plain words, without a dose.
        asks_parents: As the parents of a child ask it; empty where the family's words fit.
        parents: The answer to them, likewise.
        patient_only: Whether it concerns what only a grown patient does, so that parents are not told of it.
        computed: What is worked out beside it.
        sources: Where the answer comes from.
        status: How sure it is: as its least sure part.
    """

    id: str
    asks: str
    asks_family: str
    staff: str
    family: str
    computed: tuple[Computed, ...]
    sources: tuple[SourceReference, ...]
    status: Status
    asks_parents: str = ""
    parents: str = ""
    patient_only: bool = False


def read_questions(section: Section) -> tuple[Question, ...]:
    """Return the questions of `questions.toml`; problems go into the book."""
    rows = section.sections("question", at_least=1)
    prove_unique((str(row.table.get("id")), row) for row in rows)
    found = []
    for row in rows:
        known = {item.value: item for item in Computed}
        parts = row.texts("computed")
        for index, part in enumerate(parts):
            if part not in known:
                listed = ", ".join(f"'{name}'" for name in known)
                row.problem(f"'{part}' is worked out by nothing. Write one of {listed}.", "computed", index)
        sources, less_sure = row.references(), row.references_not_confirmed()
        status = row.choice("status", Status)
        found.append(
            Question(
                id=row.text("id"),
                asks=row.text("asks"),
                asks_family=row.text("asks_family"),
                staff=row.text("staff"),
                family=row.text("family"),
                computed=tuple(known[part] for part in parts if part in known),
                sources=(*sources, *less_sure),
                status=Status.UNCONFIRMED if less_sure else status,
                asks_parents=row.optional_text("asks_parents"),
                parents=row.optional_text("parents"),
                patient_only=row.has("patient_only") and row.flag("patient_only"),
            )
        )
        row.done()
    return tuple(found)
