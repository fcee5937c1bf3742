"""Who confirmed what runs, as the hand-over has it: two people, of this very rate, weight and bag, or nobody."""

from __future__ import annotations

from dataclasses import replace

from inotrope.course.meaning.handover import handover
from inotrope.course.meaning.recording import record_confirmation, record_given
from tests.course.meaning.test_deciding import entered, running
from tests.course.meaning.ward import Ward, rate


def confirmed(bed: Ward) -> str:
    return handover(bed.events, bed.store.document, now=bed.now).confirmed


def test_two_people_and_their_time_stand_on_it_until_another_rate_is_set(bed: Ward) -> None:
    meant = running(bed)
    assert confirmed(bed) == ""
    record_confirmation(bed.by("Baker"), meant, entered(meant), first="Adams", second="Baker", code="1")
    assert confirmed(bed) == "Adams and Baker, 2026-11-22 09:00"
    bed.set(2)
    record_given(bed.by(), rate("0.5 mcg/kg/min", 2))
    assert confirmed(bed) == ""


def test_what_cannot_be_read_confirms_nothing(bed: Ward) -> None:
    meant = running(bed)
    record_confirmation(bed.by("Baker"), meant, entered(meant), first="Adams", second="Baker", code="1")
    *before, last = bed.events
    for text in (None, "much", "0.375 mg"):
        spoiled = replace(last, body={**last.body, "meant": {**last.body["meant"], "rate": text}})
        assert handover((*before, spoiled), bed.store.document, now=bed.now).confirmed == ""
