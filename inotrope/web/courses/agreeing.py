"""The agreement of two people, put into the course that their check belongs to.

Knows that it was made for a case as it stood: where that has changed since, it is not recorded, and must not be set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from inotrope.course.meaning.recording import Writer, record_confirmation
from inotrope.errors import Overtaken
from inotrope.web.courses.carried import kept_by
from inotrope.web.courses.keeping import moment

if TYPE_CHECKING:
    from starlette.requests import Request

    from inotrope.units import Quantity
    from inotrope.web.checks import Check


async def keep_agreement(
    request: Request, check: Check, entered: Mapping[str, Quantity], how: str, second: str
) -> None:
    """Record an agreement, once; nothing where there is none, or where the check belongs to no course.

    Args:
        request: By which the second person sent the last entry.
        check: Of which; what became of it is written into it.
        entered: By item what the second person entered.
        how: What goes in before a start, as that one said it.
        second: Who that is.

    Raises:
        CourseError: The course is closed, or cannot be written; sent again, it is tried again.
    """
    if not check.agreed or not check.course or check.recorded or check.refused:
        return
    now = moment()
    try:
        kept = await kept_by(request).ask(
            lambda store: record_confirmation(
                Writer(store, check.course, second, check.seen, now, f"check-{check.code}"),
                check.meant,
                entered,
                how=how,
                first=check.first,
                second=second,
                code=check.code,
            )
        )
    except Overtaken as problem:
        check.refused = problem.says
    else:
        check.recorded = kept.event.number
