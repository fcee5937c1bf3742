"""The last pages of this server's windows, so that the way back and a reload lose nothing: in memory, by a handle.

Knows that no browser keeps what it is made of: a window's history holds a handle that nobody guesses, and nothing of a
patient. Only so many pages are kept; the oldest go first, of whoever has most of them: nobody can have the pages of the
others forgotten. With the process they all go. Nothing is written to a disk.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

MOST_PAGES, MOST_LETTERS = 400, 20_000_000
"""A ward opens some dozens an hour, of some thousand letters each."""
_HANDLE = re.compile(r"[0-9a-f]{32}")
"""128 bits, drawn by the window itself."""
_PATH = re.compile(r"/[a-z-]{1,40}")
ANY_PATH = re.compile(r"/[ -~]*")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page: where it is posted to, what is sent, and who had it kept, by name where that is known."""

    path: str
    fields: tuple[tuple[str, str], ...]
    owner: str = ""

    @property
    def size(self) -> int:
        """How many letters it has."""
        return sum(len(name) + len(text) for name, text in self.fields)


class KeptPages:
    """The pages that are kept."""

    def __init__(
        self, most: int = MOST_PAGES, most_letters: int = MOST_LETTERS, paths: re.Pattern[str] = _PATH
    ) -> None:
        """Start with none; `paths` says what is one."""
        self._most, self._most_letters, self._paths = most, most_letters, paths
        self._kept: OrderedDict[str, KeptPage] = OrderedDict()
        self._letters = 0

    def keep(self, handle: str, page: KeptPage) -> bool:
        """Keep a page, in the place of what was kept under the same handle; False where handle or path is none."""
        if _HANDLE.fullmatch(handle) is None or self._paths.fullmatch(page.path) is None:
            return False
        self._forget(handle)
        self._kept[handle] = page
        self._letters += page.size
        while len(self._kept) > self._most or self._letters > self._most_letters:
            self._forget(self._oldest_of_whoever_has_most())
        return True

    def mend(self, handle: str, changes: KeptPage, gone: Collection[str]) -> bool:
        """Put fields in the place of those of a page that is kept; False where none is, or somebody else's.

        Args:
            handle: Of the page.
            changes: The fields that stand in it now.
            gone: The names of those that stand in it no more as they were.
        """
        found = self.find(handle, changes.owner)
        if found is None:
            return False
        left = tuple(item for item in found.fields if item[0] not in gone)
        return self.keep(handle, KeptPage(found.path, (*left, *changes.fields), found.owner))

    def find(self, handle: str, owner: str = "") -> KeptPage | None:
        """Return a page; None where none is kept under the handle, no longer, or somebody else's.

        Who logs in after another one at the same window has that one's history before them, with its handles.
        """
        found = self._kept.get(handle)
        return found if found is not None and found.owner == owner else None

    def take(self, handle: str) -> KeptPage | None:
        """Return a page to whoever holds its handle, and keep it no longer."""
        found = self._kept.get(handle)
        self._forget(handle)
        return found

    def _oldest_of_whoever_has_most(self) -> str:
        has: Counter[str] = Counter()
        for page in self._kept.values():
            has[page.owner] += page.size + self._most_letters // self._most
        (greediest, _), *_ = has.most_common(1)
        return next(handle for handle, page in self._kept.items() if page.owner == greediest)

    def _forget(self, handle: str) -> None:
        page = self._kept.pop(handle, None)
        self._letters -= 0 if page is None else page.size
