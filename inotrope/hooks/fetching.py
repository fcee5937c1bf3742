"""What was not sent along is asked of the record's own server: within an allow-list, limits of size and of time.

Knows FHIR's searches and their pages. The token of the call goes to the server that the call names, where that server
is one of its client's, and nowhere else: no redirection is followed, and a next page must lie under the same address.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from inotrope.errors import FileError
from inotrope.files import decode, read_json
from inotrope.hooks.services import Asked, prefetch

if TYPE_CHECKING:
    from inotrope.hooks.call import Call, Grant

LARGEST = 5_000_000
"""Bytes of one answer."""
MOST_PAGES = 5
"""Pages of one search."""
SLOWEST_S = 3.0
"""s. For all that is asked: the specification would have a call answered in half a second."""
AT_ONCE = 4
"""Questions that are under way at once."""
_DONE = 200
_ACCEPT = "application/fhir+json, application/json"


def lacking(call: Call) -> dict[str, Asked]:
    """Return what was asked to be sent along and was not: by our own key, or by any other under which it came.

    Args:
        call: The call.
    """
    there = {kind for value in call.prefetch.values() for kind in _kinds(value)}
    return {
        key: asked
        for key, asked in prefetch().items()
        if asked.resource not in there and not _is_bundle(call.prefetch.get(key))
    }


def _kinds(value: object) -> Iterator[str]:
    """Yield the types of resources in what came under one key."""
    if not isinstance(value, Mapping):
        return
    entries = value.get("entry")
    inside = [entry.get("resource") for entry in (entries if isinstance(entries, list) else [])
              if isinstance(entry, Mapping)]  # fmt: skip
    for one in (value, *inside):
        kind = one.get("resourceType") if isinstance(one, Mapping) else None
        if isinstance(kind, str):
            yield kind


def _is_bundle(value: object) -> bool:
    """Tell whether a search was answered, be it with nothing."""
    return isinstance(value, Mapping) and value.get("resourceType") == "Bundle"


class Server:
    """Asks the servers of clients."""

    def __init__(self, transport: Any = None) -> None:
        """Ask over the network, or by a given transport."""
        self._transport = transport

    def ask(self, call: Call, allowed: tuple[str, ...]) -> tuple[list[object], tuple[str, ...]]:
        """Return what could be had of what was not sent along, and in closed words what could not.

        Args:
            call: The call.
            allowed: The addresses of servers that this client may name.
        """
        grant, patient = call.grant, call.patient
        if grant is None or patient is None:
            return [], ()
        if grant.server not in allowed:
            return [], ("server-not-allowed",)
        wanted = {key: asked for key, asked in lacking(call).items() if grant.reads(asked.resource)}
        ends = time.monotonic() + SLOWEST_S
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="record") as pool:
            tasks = {key: pool.submit(self._search, grant, asked.address(patient), ends)
                     for key, asked in wanted.items()}  # fmt: skip
            answers = {key: task.result() for key, task in tasks.items()}
        pages = [page for found in answers.values() for page in found]
        return pages, tuple(f"not-had: {key}" for key, found in answers.items() if not found)

    def more(self, call: Call, allowed: tuple[str, ...]) -> list[object]:
        """Return the further pages of what was sent along, where its client's server may be asked for them."""
        if call.grant is None or call.grant.server not in allowed:
            return []
        ends, pages = time.monotonic() + SLOWEST_S, []
        for value in call.prefetch.values():
            following = _next(value, call.grant.server) if isinstance(value, Mapping) else None
            if following is not None:
                pages += self._pages(call.grant, following, ends)
        return pages

    def _search(self, grant: Grant, search: str, ends: float) -> list[object]:
        return self._pages(grant, f"{grant.server}/{search}", ends)

    def _pages(self, grant: Grant, address: str | None, ends: float) -> list[object]:
        found: list[object] = []
        while address is not None and len(found) < MOST_PAGES:
            page = self._get(grant, address, ends)
            if page is None:
                break
            found.append(page)
            address = _next(page, grant.server)
        return found

    def _get(self, grant: Grant, address: str, ends: float) -> dict[str, Any] | None:
        import httpx2  # noqa: PLC0415 - loaded where a server is asked

        left = ends - time.monotonic()
        if left <= 0:
            return None
        headers = {"Authorization": f"Bearer {grant.token}", "Accept": _ACCEPT}
        try:
            with (
                httpx2.Client(transport=self._transport, timeout=left, follow_redirects=False) as client,
                client.stream("GET", address, headers=headers) as answer,
            ):
                content = b"" if answer.status_code != _DONE else _whole(answer.iter_bytes(), ends)
            page = read_json(decode(content, "answer"), "answer")
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, FileError, ValueError):
            return None
        return page if isinstance(page, dict) and page.get("resourceType") != "OperationOutcome" else None


def _whole(parts: Iterator[bytes], ends: float) -> bytes:
    """Return what came; nothing where it is more than is read, or comes too slowly."""
    content = b""
    for part in parts:
        content += part
        if len(content) > LARGEST or time.monotonic() > ends:
            return b""
    return content


def _next(page: Mapping[str, Any], server: str) -> str | None:
    """Return the address of the next page, where it lies under the same server."""
    links = page.get("link")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("relation") == "next":
            url = link.get("url")
            if isinstance(url, str) and url.startswith((f"{server}/", f"{server}?")) and "/../" not in url:
                return url
    return None
