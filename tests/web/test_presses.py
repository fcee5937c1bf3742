"""What was pressed before the page came is taken along by the next press on the same page, and by no other one."""

from __future__ import annotations

from inotrope.web.presses import MOST_LETTERS, MOST_PRESSES, UNSEEN_S, Presses

MACHINE, EVENTS = (("answer", "support.none=yes"),), (("answer", "events.none=yes"),)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_press_before_the_page_came_has_the_one_before_it() -> None:
    presses = Presses()
    assert presses.take("a", "", MACHINE)[1] == ()
    assert presses.take("a", "", EVENTS)[1] == MACHINE
    assert presses.take("a", "", ())[1] == (*MACHINE, *EVENTS)
    assert presses.take("b", "", ())[1] == ()


def test_whoever_saw_the_page_that_followed_and_went_back_means_it_as_it_stands() -> None:
    clock = Clock()
    presses = Presses(clock=clock)
    first, _ = presses.take("a", "", MACHINE)
    presses.answer(first)
    clock.now += UNSEEN_S / 2
    assert presses.take("a", "", ())[1] == MACHINE  # it was on its way, and nobody can have seen it
    clock.now += UNSEEN_S / 2
    assert presses.take("a", "", ())[1] == ()


def test_nobody_takes_along_what_another_one_pressed() -> None:
    presses = Presses()
    presses.take("a", "adams", MACHINE)
    assert presses.take("a", "brown", EVENTS)[1] == ()
    assert presses.take("a", "adams", ())[1] == MACHINE


def test_only_so_much_is_kept_and_nothing_of_a_page_without_a_name() -> None:
    presses = Presses(most=2)
    for name in ("", "a", "b", "c"):
        presses.take(name, "", MACHINE)
    assert [presses.take(name, "", ())[1] for name in ("", "c", "b")] == [(), MACHINE, MACHINE]
    assert presses.take("a", "", ())[1] == ()
    presses.take("c", "", (("answer", "x" * MOST_LETTERS),))
    assert presses.take("c", "", ())[1] == MACHINE
    for number in range(2 * MOST_PRESSES):
        presses.take("d", "", (("answer", f"x={number}"),))
    assert len(presses.take("d", "", ())[1]) == MOST_PRESSES
