"""What no page may do: write an error to the console, fail within, or ask anything of another host."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

# Not the network: the page itself, and images that stand in the style sheet.
AT_HOME = ("about:", "blob:", "data:")


@dataclass
class Watch:
    """All that went wrong in the windows of one test, in words; `expect` names what the test brings about itself."""

    address: str
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    _over: list[tuple[BrowserContext, str, Callable[..., None]]] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Let a message pass that matches: Chromium writes one to the console for every answer of 400 and above."""
        self.expected.append(pattern)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context, from its first request on."""
        ways = {
            "console": lambda said: self._console(said.type, said.text),
            "weberror": lambda failed: self.wrong.append(f"script: {failed.error}"),
            "request": lambda request: self._request(request.url),
            "response": lambda answer: self._response(answer.status, answer.url),
        }
        for event, way in ways.items():
            context.on(event, way)
            self._over.append((context, event, way))

    def ends(self) -> None:
        """Watch no more."""
        for context, event, way in self._over:
            context.remove_listener(event, way)
        self._over.clear()

    def complaints(self) -> list[str]:
        return [said for said in self.wrong if not any(re.search(pattern, said) for pattern in self.expected)]

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning", "assert"):
            self.wrong.append(f"console: {text}")

    def _request(self, url: str) -> None:
        self.asked.append(url)
        if not url.startswith((f"{self.address}/", *AT_HOME)):
            self.wrong.append(f"off the host: {url}")

    def _response(self, status: int, url: str) -> None:
        if status >= 500:
            self.wrong.append(f"{status}: {url}")
