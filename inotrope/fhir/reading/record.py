"""What came of reading a record: a case, and every resource in one of three lists.

Knows the words for why a resource was left out. It reads nothing and judges no patient.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from inotrope.errors import RecordError

if TYPE_CHECKING:
    from inotrope.patient import Case


class Kind(StrEnum):
    """Why something of the record is not in the case."""

    ENTERED_IN_ERROR = "entered-in-error"
    NOT_FINAL = "not-final"
    NO_TIME = "no-time"
    AHEAD = "after-now"
    NO_UNIT = "no-unit"
    NO_VALUE = "no-value"
    UNKNOWN_CODE = "unknown-code"
    UNCONFIRMED_CODE = "unconfirmed-code"
    CODE_CONTRADICTS_NAME = "code-contradicts-name"
    UNIT_CONTRADICTS_CODE = "unit-contradicts-code"
    NOT_A_NUMBER = "not-a-number"
    NOT_EXACT = "not-exact"
    IMPOSSIBLE = "impossible"
    REFUTED = "refuted"
    INACTIVE = "inactive"
    OTHER_PATIENT = "other-patient"
    TOO_OLD = "too-old"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    CONTRADICTED = "contradicted"
    WRONG_VERSION = "wrong-version"
    UNREADABLE = "unreadable"
    NO_CONCENTRATION = "no-concentration"
    NO_DURATION = "no-duration"
    ON_HOLD = "on-hold"
    PLANNED = "planned-not-given"
    NOT_SEVERE = "not-severe"
    OUTSIDE = "outside-what-is-read"


@dataclass(frozen=True, slots=True)
class Used:
    """Something of the record that stands in the case.

    Attributes:
        resource: Where it comes from, such as `Observation/creatinine-1`.
        where: The key of the case, such as `measurements`.
        says: What was read.
        remark: What a reader must know of it, such as a unit without a code; empty when there is nothing.
    """

    resource: str
    where: str
    says: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the record that does not stand in the case, and why."""

    resource: str
    kind: Kind
    says: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Things of the record that contradict each other."""

    resources: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Open:
    """What a person must say before a plan can be made from this record.

    Attributes:
        key: The key of the case that lacks it, such as `patient.weight`.
        says: What is missing or undecided, and what to do.
    """

    key: str
    says: str

    @property
    def required(self) -> bool:
        """Whether no case can be made without it; else the record contradicts itself or is not whole."""
        return self.key in ("drug", "indication", "patient") or self.key.startswith("patient.")


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as a case and three lists.

    Attributes:
        case: A case document as `read_case` takes it, with what the record says; required keys may be absent.
        open: What a person must say before a plan is made; empty when the case is complete.
        used: What stands in the case.
        left_out: What does not, and why.
        conflicts: What contradicts itself.
        notes: What a reader must know of the record as a whole.
    """

    case: dict[str, Any]
    open: tuple[Open, ...] = ()
    used: tuple[Used, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()

    def to_case(self) -> Case:
        """Return the case, where nothing is left for a person to say.

        Raises:
            RecordError: Something is; the sentence holds all of it.
        """
        from inotrope.patient import read_case  # noqa: PLC0415 - a record that is not planned needs none

        if self.open:
            raise RecordError(
                "This record alone makes no case. " + " ".join(item.says for item in self.open),
                incomplete=any(item.required for item in self.open),
                accepted=", ".join(dict.fromkeys(item.key for item in self.open)),
            )
        return read_case(self.case)

    def to_plain(self) -> dict[str, Any]:
        """Return what `inotrope fhir read --json` shows."""
        return {
            "case": self.case,
            "open": [{"key": item.key, "says": item.says} for item in self.open],
            "used": [_used(item) for item in self.used],
            "left_out": [
                {"resource": item.resource, "kind": item.kind.value, "says": item.says} for item in self.left_out
            ],
            "conflicts": [{"resources": list(item.resources), "says": item.says} for item in self.conflicts],
            "notes": list(self.notes),
        }


def _used(item: Used) -> dict[str, str]:
    plain = {"resource": item.resource, "where": item.where, "says": item.says}
    return plain | {"remark": item.remark} if item.remark else plain


@dataclass(slots=True)
class Book:
    """The lists while a record is being read."""

    open: list[Open] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def use(self, resource: str, where: str, says: str, remark: str = "") -> None:
        """Note what stands in the case."""
        self.used.append(Used(resource, where, says, remark))

    def leave(self, resource: str, kind: Kind, says: str) -> None:
        """Note what does not."""
        self.left_out.append(LeftOut(resource, kind, says))

    def clash(self, says: str, *resources: str) -> None:
        """Note what contradicts itself."""
        self.conflicts.append(Conflict(resources, says))

    def ask(self, key: str, says: str) -> None:
        """Note what a person must say."""
        if all(item.key != key or item.says != says for item in self.open):
            self.open.append(Open(key, says))
