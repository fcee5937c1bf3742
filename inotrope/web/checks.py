"""The double checks of one server: what a first person means to set, kept under a code until a second one entered it.

Knows that a code cannot be guessed, that an entry sent twice is one entry, and that only so many checks are kept: the
oldest goes first. Nothing is written to a disk, and no patient is named here; an agreement that belongs to a course is
recorded there (`pages/second_check.py`).
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inotrope.plan.double_check.comparing import DoubleCheck, compare, same_person
from inotrope.plan.double_check.settings import ToBeSet
from inotrope.units import Quantity
from inotrope.web.clock import away_from_now, clock_shown

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that is taken for another when it is read aloud or copied by hand."""
GROUPS, IN_A_GROUP = 3, 4
"""31 letters twelve times: some 59 bits, which nobody tries out against one server."""
MOST_KEPT, MOST_ENTRIES = 500, 50
"""A ward opens some dozens a day; who enters so often no longer checks."""


@dataclass(slots=True)
class Check:
    """One double check.

    Attributes:
        code: By which the second person finds it.
        meant: What the first one means to set.
        made_for: The time of the plan that it was opened from; None where nobody says.
        first: Who that is; empty where nobody says.
        course: The course that it belongs to; empty for none.
        seen: The last event of that which the first one had seen.
        entries: What came out, by the form that sent it.
        agreed_at: By the clock of this computer; empty until both agreed.
        recorded: The event by which the agreement stands in the course; nought where it does not.
        refused: Why it does not, where it never can.
    """

    code: str
    meant: ToBeSet
    made_for: datetime | None = None
    first: str = ""
    course: str = ""
    seen: int = 0
    recorded: int = 0
    refused: str = ""
    entries: dict[str, DoubleCheck] = field(default_factory=dict)
    agreed_at: str = ""

    @property
    def away(self) -> str:
        """How long ago, or how far ahead, the plan was made; empty where it is one of now, or nobody says."""
        return "" if self.made_for is None else away_from_now(self.made_for)

    @property
    def attempts(self) -> int:
        """How many entries there were."""
        return len(self.entries)

    @property
    def agreed(self) -> bool:
        """Whether the last entry agreed; a check ends with that."""
        return any(item.agrees for item in self.entries.values())

    @property
    def last(self) -> DoubleCheck | None:
        """The last entry; None before the first."""
        return next(reversed(self.entries.values()), None)

    @property
    def closed(self) -> bool:
        """Whether nothing more can be entered."""
        return self.agreed or self.attempts >= MOST_ENTRIES

    def is_by(self, second: str) -> bool:
        """Tell whether the second person is the first one."""
        return bool(self.first) and same_person(self.first, second)

    def enter(self, form: str, entered: Mapping[str, Quantity], how: str = "") -> DoubleCheck | None:
        """Compare one entry.

        Args:
            form: Which form sent it: sent twice, it is counted once, and the first answer stands.
            entered: By item.
            how: What goes in first, as `compare` takes it.

        Returns:
            What came out; None where the check is closed.

        Raises:
            RequestError: As `compare`; such an entry is not counted.
        """
        if form in self.entries:
            return self.entries[form]
        if self.closed:
            return None
        self.entries[form] = found = compare(self.meant, entered, how)
        if found.agrees:
            self.agreed_at = clock_shown()
        return found


class Checks:
    """The double checks that are open, and those that ended lately."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        """Start with none."""
        self._most = most
        self._kept: OrderedDict[str, Check] = OrderedDict()
        self._forms: dict[str, str] = {}

    def open(
        self,
        form: str,
        meant: ToBeSet,
        *,
        made_for: datetime | None = None,
        first: str = "",
        course: str = "",
        seen: int = 0,
    ) -> Check:
        """Return a new check; a form that is sent twice opens one.

        Args:
            form: Which form sent it.
            meant: What the first person means to set.
            made_for: The time of the plan.
            first: Who that is.
            course: The course that it belongs to.
            seen: The last event of that which the first person has seen.
        """
        known = self._kept.get(self._forms.get(form, ""))
        if known is not None and known.meant == meant:
            return known
        code = "-".join("".join(secrets.choice(LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))
        self._kept[code] = found = Check(code, meant, made_for, first, course, seen)
        self._forms[form] = code
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        self._forms = {key: value for key, value in self._forms.items() if value in self._kept}
        return found

    def find(self, code: str) -> Check | None:
        """Return a check by its code, however that was typed; None where there is none, or no longer."""
        letters = "".join(mark for mark in code.upper()[:100] if mark in LETTERS)
        groups = (letters[place : place + IN_A_GROUP] for place in range(0, len(letters), IN_A_GROUP))
        return self._kept.get("-".join(groups))


def new_form() -> str:
    """Return a name for one form, so that the same form sent twice is known."""
    return secrets.token_urlsafe(12)
