"""Answers: computed once, asked often, and what is asked of a prepared plan is not kept."""

from __future__ import annotations

import asyncio
import threading
from decimal import Decimal

import pytest

from inotrope.drug import read_site
from inotrope.errors import FileError, RequestError
from inotrope.patient import read_case
from inotrope.patient.examples import EXAMPLES, read_example
from inotrope.plan import make_plan, prepare_plan, to_plain
from inotrope.units import Quantity
from inotrope.web import create_app
from inotrope.web.options import Options
from inotrope.web.settings import Settings
from inotrope.web.working import Answers, Busy, Slow

SOUND = read_example("sound-adult")
KIDNEY = Options(assume_kidney="40 mL/min/1.73 m2")
SITE = EXAMPLES.parent / "sites" / "example-site.toml"


def test_a_plan_is_that_of_the_command_line_and_computed_once() -> None:
    async def ask() -> None:
        answers = Answers(Settings(workers=2))
        first, second = await asyncio.gather(answers.plan(SOUND), answers.plan(SOUND))
        assert first is second and (await answers.prepared(SOUND)).plan is first
        assert to_plain(first) == to_plain(make_plan(read_case(SOUND.encode(), name="case")))
        answers.close()

    asyncio.run(ask())


def test_a_change_is_asked_of_the_plan_that_was_prepared() -> None:
    async def ask() -> None:
        answers = Answers(Settings(workers=2))
        found = await asyncio.gather(*(answers.what_if(SOUND, f"rate 0.{place} mcg/kg/min") for place in range(1, 8)))
        case = prepare_plan(read_case(SOUND.encode(), name="case"))
        assert to_plain(found[4]) == to_plain(case.what_if("rate 0.5 mcg/kg/min"))
        with pytest.raises(RequestError):
            await answers.what_if(SOUND, "faster")
        answers.close()

    asyncio.run(ask())


def test_a_full_queue_is_said_and_not_waited_in() -> None:
    async def ask() -> None:
        answers = Answers(Settings(workers=1, longest_queue=1))
        changes = (answers.what_if(SOUND, f"rate 0.{place} mcg/kg/min") for place in range(1, 8))
        found = await asyncio.gather(answers.plan(SOUND), *changes, return_exceptions=True)
        assert any(isinstance(item, Busy) for item in found)
        assert not any(isinstance(item, Exception) and not isinstance(item, Busy) for item in found)
        assert (await answers.what_if(SOUND, "pause 2 h")).models  # and there is room again
        answers.close()

    asyncio.run(ask())


def test_only_the_last_answers_are_kept() -> None:
    async def ask() -> None:
        answers = Answers(Settings(workers=1, kept_answers=1))
        first = await answers.screen(SOUND)
        assert await answers.screen(SOUND) is first
        await answers.screen(SOUND + "\n")
        assert await answers.screen(SOUND) is not first
        answers.close()

    asyncio.run(ask())


def test_a_question_without_an_answer_is_asked_anew() -> None:
    async def ask() -> None:
        answers = Answers(Settings(workers=1))
        for _ in range(3):
            with pytest.raises(FileError):
                await answers.plan("{")
        assert not any(answers._kept.values())
        assert answers._under_way == 0
        answers.close()

    asyncio.run(ask())


def test_a_hospital_s_own_file_is_read_when_the_server_starts() -> None:
    site = read_site(SITE)

    async def ask() -> None:
        answers = Answers(Settings(workers=1), site)
        plan = await answers.plan(SOUND)
        assert plan.versions.site == site.digest
        assert to_plain(plan) == to_plain(make_plan(read_case(SOUND.encode(), name="case"), site=site))
        answers.close()

    asyncio.run(ask())
    assert create_app(Settings(site=SITE)).title == "Inotrope"
    with pytest.raises(FileError):
        create_app(Settings(site=SITE.with_name("nowhere.toml")))


@pytest.mark.hazard("answer-of-another-patient")
def test_many_at_once_get_what_each_would_get_alone() -> None:
    def case(kg: int) -> str:
        return SOUND.replace('"82 kg"', f'"{kg} kg"')

    async def ask() -> None:
        answers = Answers(Settings(workers=4))
        asked = [(kg, options) for kg in range(60, 66) for options in (Options(), KIDNEY)] * 2
        found = await asyncio.gather(*(answers.plan(case(kg), options) for kg, options in asked))
        for (kg, options), plan in zip(asked, found, strict=True):
            clearance = Quantity(Decimal(40), "mL/min/1.73 m2") if options is KIDNEY else None
            alone = make_plan(read_case(case(kg).encode(), name="case"), assume_kidney=clearance)
            assert to_plain(plan) == to_plain(alone)
        answers.close()

    asyncio.run(ask())


def test_what_takes_long_is_said_after_a_while_and_is_there_when_it_is_asked_again() -> None:
    began: list[str] = []
    goes_on = threading.Event()

    def work(name: str) -> str:
        began.append(name)
        goes_on.wait(60)
        return name

    async def ask() -> None:
        answers = Answers(Settings(workers=1, longest_wait_s=0.05))
        for _ in range(2):
            for name in ("first", "second"):  # the second waits in the queue, and keeps its place there
                with pytest.raises(Slow):
                    await answers._answer("long", name, lambda name=name: work(name))  # type: ignore[misc]
        goes_on.set()
        found = []
        while len(found) < 2:
            try:
                found.append(await answers._answer("long", ("first", "second")[len(found)], lambda: "never asked"))
            except Slow:
                await asyncio.sleep(0.01)
        assert found == began == ["first", "second"]
        answers.close()
        assert not answers._waiting and not answers._under_way

    asyncio.run(ask())


def test_who_has_gone_holds_no_place_of_those_who_wait() -> None:
    began: list[str] = []
    goes_on = threading.Event()

    def work(name: str) -> str:
        began.append(name)
        goes_on.wait(60)
        return name

    async def ask() -> None:
        answers = Answers(Settings(workers=1, longest_queue=1))
        running = asyncio.create_task(answers.run(lambda: work("first")))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(answers.run(lambda: work("second")))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await answers.run(lambda: work("third"))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        fourth = asyncio.create_task(answers.run(lambda: work("fourth")))  # there is room again
        await asyncio.sleep(0)
        goes_on.set()
        assert [await running, await fourth] == ["first", "fourth"]
        assert began == ["first", "fourth"]
        answers.close()
        assert not answers._waiting and not answers._under_way

    asyncio.run(ask())


def test_an_answer_that_another_waits_for_goes_on() -> None:
    async def ask() -> None:
        answers = Answers(Settings(workers=1))
        blocked = threading.Event()
        before = asyncio.create_task(answers.run(lambda: blocked.wait(60)))
        await asyncio.sleep(0)
        one, other = (asyncio.create_task(answers.screen(SOUND)) for _ in range(2))
        await asyncio.sleep(0)
        one.cancel()
        await asyncio.sleep(0)
        blocked.set()
        assert (await other).status == (await answers.screen(SOUND)).status
        assert await before
        answers.close()

    asyncio.run(ask())
