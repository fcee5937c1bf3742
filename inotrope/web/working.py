"""Where answers are computed: a few threads with a bounded queue, and the last answers kept.

Knows that the same question is computed once, however often it is asked and by however many at once, and that a full
queue is said and not waited in; what nobody waits for any longer leaves it. It knows no answer: each is made by `plan`
(`asking.py`). Nothing is written to a disk.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from inotrope.web import asking
from inotrope.web.options import Options

if TYPE_CHECKING:
    from inotrope.drug import Site
    from inotrope.plan import OrderCheck, Plan, PreparedPlan, Screening
    from inotrope.plan.circulation.record import CirculationForecast
    from inotrope.plan.fitting.record import Fit
    from inotrope.plan.supposing.record import Supposition
    from inotrope.plan.target.record import Target
    from inotrope.web.asking import Written
    from inotrope.web.settings import Settings

T = TypeVar("T")
NO_OPTIONS = Options()


class Busy(Exception):
    """The queue is full; whoever asks is told to come again."""


def in_this_loop(found: Future[T]) -> asyncio.Future[T]:
    """Return what a thread makes, to be waited for; what it raises when nobody waits any longer is told nowhere.

    Left alone, asyncio would write it to the log, and the text of an error repeats what somebody typed of a patient.
    """
    waited = asyncio.wrap_future(found)
    waited.add_done_callback(lambda done: done.cancelled() or done.exception())
    return waited


class Answers:
    """The answers of one server; every method takes the case as JSON text, and raises what `plan` raises, or `Busy`."""

    def __init__(self, settings: Settings, site: Site | None = None) -> None:
        """Start with no thread and no answer.

        Args:
            settings: Of the server.
            site: The hospital's own file, read when the server started.
        """
        self._site = site
        self._room = settings.workers + settings.longest_queue
        self._most_kept = settings.kept_answers
        self._workers = settings.workers
        self._pool = self._new_pool()
        self._kept: dict[str, OrderedDict[str, Future[Any]]] = {}
        self._lock = Lock()
        self._under_way = 0
        self._waiting: Counter[Future[Any]] = Counter()

    async def plan(self, case: Written, options: Options = NO_OPTIONS) -> Plan:
        """Return the plan of a case; without a change that is supposed it is prepared for one (see `prepared`)."""
        if not options.what_if:
            return (await self.prepared(case, options)).plan
        return await self._answer("plan", (case, options), lambda: asking.plan(case, options, self._site))

    async def prepared(self, case: Written, options: Options = NO_OPTIONS) -> PreparedPlan:
        """Return the plan of a case, ready to be asked what else would be."""
        options = replace(options, what_if=())
        return await self._answer("prepared", (case, options), lambda: asking.prepare(case, options, self._site))

    async def what_if(self, case: Written, text: str, options: Options = NO_OPTIONS) -> Supposition:
        """Return what one change would do, such as `rate 0.5 mcg/kg/min`, by the draws of the plan that is kept.

        The answer itself is not kept: whoever moves a rate asks for many, and none twice.
        """
        prepared = await self.prepared(case, options)
        return await self.run(lambda: asking.suppose(prepared, text))

    async def screen(self, case: Written, options: Options = NO_OPTIONS) -> Screening:
        """Return the findings alone."""
        return await self._answer("screening", (case, options), lambda: asking.screen(case, options, self._site))

    async def fit(self, case: Written, options: Options = NO_OPTIONS) -> Fit:
        """Return what the measured levels say of the patient."""
        return await self._answer("fit", (case, options), lambda: asking.fit(case, options, self._site))

    async def target(self, case: Written, options: Options = NO_OPTIONS) -> Target:
        """Return the rate that most probably keeps the patient in a range of levels."""
        return await self._answer("target", (case, options), lambda: asking.target(case, options, self._site))

    async def circulation(self, case: Written, options: Options = NO_OPTIONS) -> CirculationForecast:
        """Return what the drug is expected to do to heart and vessels."""
        return await self._answer("circulation", (case, options), lambda: asking.circulation(case, options, self._site))

    async def order(self, order: Written, case: Written | None = None) -> OrderCheck:
        """Return the check of an order (its free text, or its fields), beside its patient's plan where one is named."""
        return await self._answer("order", (order, case), lambda: asking.order(order, case, self._site))

    async def convert(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return a rate as a pump setting, or a setting as a rate, by the names of `convert_dose`."""
        return await self.run(lambda: asking.convert(asked))

    async def run(self, make: Callable[[], T]) -> T:
        """Run what takes long in a thread of the answers, and keep nothing of it."""
        found = self._submit(make)
        found.add_done_callback(lambda _: self._finish())
        return await self._wait(found)

    async def _answer(self, kind: str, asked: object, make: Callable[[], T]) -> T:
        """Return what was computed before for the same question, or compute it in a thread.

        The question is its text, the options among it: the library and the hospital's own file are read once in the
        life of a server, so that no answer outlives what it was made from.
        """
        key = hashlib.sha256(repr(asked).encode("utf-8", "backslashreplace")).hexdigest()
        with self._lock:
            kept = self._kept.setdefault(kind, OrderedDict())
            found = kept.get(key)
            if found is not None:
                kept.move_to_end(key)
        if found is None:  # nobody comes between: this part of a server is one thread
            found = self._submit(make)
            with self._lock:
                kept[key] = found
                while len(kept) > self._most_kept:
                    kept.popitem(last=False)
            # Outside the lock: what is done already calls back at once.
            found.add_done_callback(lambda done: self._keep_or_forget(kept, key, done))
        return await self._wait(found)

    async def _wait(self, found: Future[T]) -> T:
        """Return an answer; where nobody waits for it any longer, and it has not begun, it leaves the queue."""
        self._waiting[found] += 1
        try:
            return await asyncio.shield(in_this_loop(found))
        finally:
            self._waiting[found] -= 1
            if not self._waiting[found]:
                del self._waiting[found]
                found.cancel()  # of no effect where it has begun or is done

    def _submit(self, make: Callable[[], T]) -> Future[T]:
        with self._lock:
            if self._under_way >= self._room:
                raise Busy
            self._under_way += 1
        return self._pool.submit(make)

    def _keep_or_forget(self, kept: OrderedDict[str, Future[Any]], key: str, done: Future[Any]) -> None:
        """Keep an answer, and forget a question that had none."""
        self._finish()
        if done.cancelled() or done.exception() is not None:
            with self._lock:
                kept.pop(key, None)

    def _finish(self) -> None:
        with self._lock:
            self._under_way -= 1

    def close(self) -> None:
        """Let go of the threads, when what is under way is finished; asked again, it starts new ones."""
        pool, self._pool = self._pool, self._new_pool()
        pool.shutdown(wait=True, cancel_futures=True)

    def _new_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=self._workers, thread_name_prefix="answer")
