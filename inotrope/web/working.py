"""Where answers are computed: a few threads with a bounded queue, and the last answers kept.

Knows that the same question is computed once, however often it is asked, and that a full queue is said and not waited
in. It knows no answer: each is made by `plan`, from the text of a case. Nothing is written to a disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from inotrope.errors import InotropeError
from inotrope.web.options import Options

if TYPE_CHECKING:
    from inotrope.plan import Plan, PreparedPlan
    from inotrope.plan.supposing.record import Supposition
    from inotrope.web.settings import Settings

T = TypeVar("T")
NO_OPTIONS = Options()


class Busy(Exception):
    """The queue is full; whoever asks is told to come again."""


class Answers:
    """The answers of one server; every method takes the case as JSON text, and raises what `plan` raises."""

    def __init__(self, settings: Settings) -> None:
        """Start with no thread and no answer."""
        self._settings = settings
        self._pool = ThreadPoolExecutor(max_workers=settings.workers, thread_name_prefix="answer")
        self._kept: OrderedDict[str, Future[Any]] = OrderedDict()
        self._lock = Lock()
        self._under_way = 0

    async def plan(self, case_text: str, options: Options = NO_OPTIONS) -> Plan:
        """Return the plan of a case."""
        if options.what_if:
            return await self._answer("plan", case_text, options, self._make_plan)
        return (await self.prepared(case_text, options)).plan

    async def prepared(self, case_text: str, options: Options = NO_OPTIONS) -> PreparedPlan:
        """Return the plan of a case, kept so that it can be asked what else would be."""
        return await self._answer("prepared", case_text, replace(options, what_if=()), self._prepare)

    async def what_if(self, case_text: str, change: str, options: Options = NO_OPTIONS) -> Supposition:
        """Return what one change would do; the plan is prepared once, and no such answer is kept."""
        prepared = await self.prepared(case_text, options)
        return await self._work(lambda: prepared.what_if(change))

    def _make_plan(self, case_text: str, options: Options) -> Plan:
        from inotrope.patient import read_case  # noqa: PLC0415 - the server starts before the first patient
        from inotrope.plan import make_plan  # noqa: PLC0415 - the same

        return make_plan(read_case(case_text.encode(), name="case"), what_if=options.what_if, **_beside(options))

    def _prepare(self, case_text: str, options: Options) -> PreparedPlan:
        from inotrope.patient import read_case  # noqa: PLC0415 - as above
        from inotrope.plan import prepare_plan  # noqa: PLC0415 - the same

        return prepare_plan(read_case(case_text.encode(), name="case"), **_beside(options))

    async def _answer(self, kind: str, text: str, options: Options, make: Callable[[str, Options], T]) -> T:
        """Return what was computed before, or compute it in a thread.

        Raises:
            Busy: The queue is full.
        """
        key = hashlib.sha256(json.dumps([kind, text, asdict(options)]).encode()).hexdigest()
        new = False
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            else:
                found = self._submit(partial(make, text, options))
                self._kept[key] = found
                new = True
        if new:  # outside the lock, since what is done already calls back at once
            found.add_done_callback(lambda done: self._finish(key, done))
        return await asyncio.shield(asyncio.wrap_future(found))

    async def _work(self, make: Callable[[], T]) -> T:
        """Compute what nobody keeps, in a thread.

        Raises:
            Busy: The queue is full.
        """
        with self._lock:
            found = self._submit(make)
        found.add_done_callback(lambda _: self._leave())
        return await asyncio.shield(asyncio.wrap_future(found))

    def _submit(self, make: Callable[[], T]) -> Future[T]:
        """Queue work; the lock is held by the caller."""
        if self._under_way >= self._settings.workers + self._settings.longest_queue:
            raise Busy
        self._under_way += 1
        return self._pool.submit(make)

    def _leave(self) -> None:
        with self._lock:
            self._under_way -= 1

    def _finish(self, key: str, done: Future[Any]) -> None:
        """Keep an answer, and forget a question that was none."""
        self._leave()
        with self._lock:
            if done.cancelled() or done.exception() is not None:
                self._kept.pop(key, None)
            while len(self._kept) > self._settings.kept_answers:
                self._kept.popitem(last=False)

    def close(self) -> None:
        """Let go of the threads; what is under way is finished."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _beside(options: Options) -> dict[str, Any]:
    """Return what is asked of a plan beside its case, as `make_plan` takes it.

    Raises:
        UnitError: The assumed kidney function is no such quantity; its field is named.
    """
    from inotrope.units import read_quantity  # noqa: PLC0415 - as above

    assumed = None
    if options.assume_kidney is not None:
        try:
            assumed = read_quantity(
                options.assume_kidney, what="Assumed kidney function", dimensions=("flow per body surface area",)
            )
        except InotropeError as problem:
            raise problem.at("assume_kidney") from None
    return {"overrides": dict(options.overrides), "assume_kidney": assumed}
