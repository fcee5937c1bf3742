"""That the plan of a case gives no dose, on the screens beside the plan: what they show is none either.

Knows a screening, which looks at the case alone and costs a few milliseconds. The screens that answer with the plan's
own stop or refusal say it themselves as well; a reader who sees it twice has not missed it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from inotrope.errors import InotropeError
from inotrope.findings import Severity, State
from inotrope.plan import PlanStatus
from inotrope.plan.running import asked_of_the_rate
from inotrope.web.carrying import asked
from inotrope.web.standing import Standing

if TYPE_CHECKING:
    from starlette.requests import Request

    from inotrope.plan import Screening

_NONE = "No dose is shown for this patient, and nothing on this screen is one."


async def note_withheld(request: Request, case: str) -> None:
    """Let the page that is drawn for a request say that the plan of its case is stopped, refused or waits.

    Args:
        request: What was asked.
        case: The text of the case; nothing is said of what is no case, for the screen itself does.

    Raises:
        Busy: Too much is computed at the moment.
    """
    request.state.withheld = ()
    with suppress(InotropeError):
        if case:
            request.state.withheld = _said(await request.app.state.answers.screen(case, await asked(request)))


def _said(found: Screening) -> tuple[Standing, ...]:
    if found.status is PlanStatus.STOPPED:
        stops = (item for item in found.findings if item.severity is Severity.STOP and item.state is State.FIRES)
        return (Standing("stop", "A stop rule fires", f"{'; '.join(item.title for item in stops)}. {_NONE}"),)
    if found.status is PlanStatus.REFUSED:
        says = " ".join(item.says for item in found.refusals)
        return (Standing("refused", "No rate is proposed", f"{says} {_NONE}"),)
    asks = asked_of_the_rate(found.findings)
    return () if asks is None else (Standing("warn", "The plan warns", f"{asks.title}. {asks.advice}"),)
