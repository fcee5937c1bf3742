"""The parts of a course's page that are drawn from its events: what to do next, and the timeline.

Knows in which order they stand, and that what cannot be drawn is said in its place and hides nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

    from inotrope.course import Event
    from inotrope.display import Section


async def parts_of(request: Request, events: Sequence[Event], now: datetime) -> tuple[Section, ...]:
    """Return the parts of the page."""
    return ()
