"""Which course a page carries, and up to which event whoever looks at it has seen it.

Knows the hidden fields in which this travels beside the case. A server that keeps no course knows none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inotrope.errors import CourseError, shorten

if TYPE_CHECKING:
    from starlette.requests import Request

    from inotrope.web.courses.keeping import Kept
    from inotrope.web.courses.viewing import Line

COURSE, SEEN = "course", "seen"
"""The hidden fields: the course, and the number of the last event that was seen."""
NONE_KEPT = (
    "This server keeps no courses. Start it with a database: inotrope serve --database FILE; the packages for that "
    "come with pip install 'inotrope[course]'."
)
_MOST_DIGITS = 9


@dataclass(slots=True)
class InCourse:
    """A course as one page carries it.

    Attributes:
        id: The course's id.
        label: What the ward calls it.
        seen: The last event that whoever looks at the page has seen; nought before the first.
        sent: What `seen` was when the page was sent.
        meanwhile: What came from others that the page did not know of, and that the page drawn now holds.
        says: What the course tells of its case and no plan of it can, such as a bag that was written down late.
        pump: Which of them says that the pump gives another rate than the record; empty for none.
    """

    id: str
    label: str
    seen: int
    sent: int
    meanwhile: tuple[Line, ...] = ()
    says: tuple[str, ...] = ()
    pump: str = ""

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return the hidden fields."""
        return ((COURSE, self.id), (SEEN, str(self.seen)))


def are_kept(request: Request) -> bool:
    """Tell whether the server keeps courses; what is refused at the door has not come to it."""
    app = request.scope.get("app")
    return app is not None and app.state.courses is not None


def kept_by(request: Request) -> Kept:
    """Return the courses of the server.

    Raises:
        CourseError: It keeps none.
    """
    found: Kept | None = request.app.state.courses
    if found is None:
        raise CourseError(NONE_KEPT, accepted="inotrope serve --database FILE")
    return found


def course_of(request: Request) -> InCourse | None:
    """Return the course that the page carries; None for none. Known once its fields were read (`take_up`)."""
    found: InCourse | None = getattr(request.state, "course", None)
    return found


async def take_up(request: Request, values: Mapping[str, str]) -> None:
    """Let the page that is drawn for a request carry on the course of the page that sent it.

    Raises:
        CourseError: The server keeps no courses, or not this one.
    """
    if COURSE not in values or course_of(request) is not None:
        return
    found, seen = await kept_by(request).course(values[COURSE]), read_number(values.get(SEEN, ""))
    request.state.course = InCourse(found.id, found.label, seen, seen)


def read_number(written: str) -> int:
    """Return the number of an event as a page sends it.

    Raises:
        CourseError: It is none.
    """
    if written.isascii() and written.isdecimal() and len(written) <= _MOST_DIGITS:
        return int(written)
    says = f"'{shorten(written)}' is no number of an event: this page was changed on its way. Open the course again."
    raise CourseError(says, value=written, where=SEEN)
