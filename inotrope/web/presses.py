"""What was pressed on a page while the one after it had not come: the next press on the same page takes it along.

Without scripts a browser gives a request up when a second button is pressed, and sends what that one says alone: the
first answer would be gone, and its question open. So each plan draws a name for itself, and this server keeps in memory
what was pressed on it, until the page that followed can have been seen. Whoever goes back to a page by then means it as
it stands there. Nothing is written to a disk.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.web.pending import Fields

PAGE = "page"
"""The hidden field with the name of a page."""
UNSEEN_S = 1.0
"""s. Nobody has seen a page, gone back to the one before and pressed there within this time. A judgement."""
MOST_PAGES, MOST_PRESSES, MOST_LETTERS = 400, 50, 4_000
"""A ward opens some dozens of pages an hour; nobody presses so often on one, and a press has some dozens of letters."""


@dataclass(slots=True)
class Press:
    """What one request pressed on a page, and when it was answered; None until then."""

    fields: Fields
    answered: float | None = None


@dataclass(slots=True)
class _Page:
    owner: str
    presses: list[Press] = field(default_factory=list)


class Presses:
    """What was pressed on the pages of one server, by the names of the pages."""

    def __init__(self, most: int = MOST_PAGES, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with none."""
        self._most, self._clock = most, clock
        self._pages: OrderedDict[str, _Page] = OrderedDict()

    def take(self, page: str, owner: str, pressed: Fields) -> tuple[Press, Fields]:
        """Note what a request pressed, and return it with what was pressed on the same page before and not seen.

        Args:
            page: Its name; what is none, or somebody else's, finds nothing.
            owner: Who asks, by name where that is known.
            pressed: The buttons, as their fields.
        """
        own, now = Press(pressed), self._clock()
        if not page or sum(len(name) + len(text) for name, text in pressed) + len(page) > MOST_LETTERS:
            return own, ()
        held = self._pages.get(page)
        if held is None and not pressed:
            return own, ()
        held = self._pages.setdefault(page, _Page(owner))
        if held.owner != owner:
            return own, ()
        self._pages.move_to_end(page)
        held.presses = [item for item in held.presses if item.answered is None or now - item.answered < UNSEEN_S]
        before = tuple(item for press in held.presses for item in press.fields)
        held.presses = [*held.presses, own][-MOST_PRESSES:]
        while len(self._pages) > self._most:
            self._pages.popitem(last=False)
        return own, before

    def answer(self, press: Press) -> None:
        """Note that the page which follows a press is on its way."""
        press.answered = self._clock()
