"""A course's events folded into a case: in any order of independent entries, corrected, as known and as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.course.chain import name_of
from inotrope.course.meaning.as_of import case_now
from inotrope.course.meaning.folding import as_of, at_moment, case_text, fold, known_at, older_bags
from inotrope.course.meaning.recording import correct, note, record_case, record_given, record_happened, record_reading
from inotrope.course.record import Event
from inotrope.errors import CourseError
from inotrope.patient import read_case
from tests.course.meaning.ward import START, Ward, adult, at, level, rate, reading, written

CASE = case_text(adult())


def event(number: int, kind: str, body: dict[str, Any], hours: float = 0.0, recorded: float | None = None) -> Event:
    clock = at(hours if recorded is None else recorded)
    return Event("bed", number, kind, at(hours), clock, "Adams", body, "", "")


def begun(*facts: tuple[str, dict[str, Any]]) -> tuple[Event, ...]:
    events = [event(1, "opened", {"label": "bed"}), event(2, "case", {"case": name_of(CASE), "seen": 1})]
    events += [event(number, kind, body, hours=number / 10) for number, (kind, body) in enumerate(facts, 3)]
    return tuple(events)


def document(_: str) -> str:
    return CASE


FACTS: list[tuple[str, dict[str, Any]]] = [
    ("rate", {"entry": rate("0.375 mcg/kg/min", 1)}),
    ("rate", {"entry": rate("0.5 mcg/kg/min", 3)}),
    ("level", {"entry": level("200 ng/mL", 4)}),
    ("reading", {"entry": reading("serum creatinine", "1.2 mg/dL", 4)}),
    ("reading", {"entry": reading("heart rate", "90 /min", 4)}),
    ("happened", {"section": "events", "entry": {"what": "ventricular ectopy", "at": written(2)}}),
    ("happened", {"section": "support", "entry": {"what": "CRRT", "start": written(5)}}),
    ("happened", {"section": "conditions", "entry": {"oliguria": "present"}}),
    ("happened", {"section": "lines", "entry": {"with": ["heparin"]}}),
    ("noted", {"text": "a note changes nothing"}),
]


@given(st.permutations(FACTS))
def test_the_order_in_which_independent_entries_were_written_does_not_matter(
    facts: list[tuple[str, dict[str, Any]]],
) -> None:
    assert case_text(fold(begun(*facts), document)) == case_text(fold(begun(*FACTS), document))


def test_a_folded_case_is_a_case() -> None:
    case = at_moment(fold(begun(*FACTS), document), at(6))
    assert read_case(case).now == at(6)
    assert read_case(case_text(case).encode()) == read_case(case)


def test_that_a_machine_ended_is_a_later_word_about_the_same_run() -> None:
    ended = {"what": "CVVH", "start": written(5), "end": written(6)}  # a synonym of CRRT
    support = [
        {"section": "support", "entry": {"what": "CRRT", "start": written(5)}},
        {"section": "support", "entry": ended},
    ]
    events = begun(*(("happened", body) for body in support))
    assert fold(events, document)["support"] == [ended]


@pytest.mark.parametrize(
    ("section", "entry", "same"),
    [
        ("medicines", "Lasix 40 mg iv", "furosemide"),
        ("medicines", "no such thing", "No such thing"),
        ("lines", {"with": ["Lasix"]}, {"with": ["furosemide"]}),
    ],
)
def test_what_has_no_time_is_ended_by_any_of_its_names(section: str, entry: Any, same: Any) -> None:
    begin = ("happened", {"section": section, "entry": entry})
    end = ("happened", {"section": section, "entry": same, "ended": True})
    before = fold(begun(), document)[section]
    assert fold(begun(begin), document)[section] == [*before, entry]
    assert fold(begun(begin, end), document)[section] == before


def test_a_condition_has_one_state_whatever_it_is_called() -> None:
    facts = [("happened", {"section": "conditions", "entry": {name: truth}}) for name, truth in (("AF", "present"),)]
    conditions = fold(begun(*facts), document)["conditions"]
    assert conditions["AF"] == "present" and "atrial fibrillation" not in conditions
    unknown = ("happened", {"section": "conditions", "entry": {"no such condition": "present"}})
    assert "no such condition" in fold(begun(unknown), document)["conditions"]


def test_a_new_bag_takes_the_place_of_the_old_one() -> None:
    bag = {"product": "premix", "concentration": "200 mcg/mL", "hung": written(1)}
    events = begun(("happened", {"section": "preparation", "entry": bag}))
    assert fold(events, document)["preparation"] == bag


LISTED: list[tuple[str, dict[str, Any]]] = [
    ("administrations", {"entry": rate("0.375 mcg/kg/min", 1)}),
    *(
        (section, {"section": section, "entry": entry})
        for section, entry in {
            "support": {"what": "CRRT", "start": written(1)},
            "events": {"what": "bleeding", "at": written(1)},
            "medicines": "furosemide",
            "lines": {"with": ["heparin"]},
        }.items()
    ),
]


@pytest.mark.hazard("unknown-taken-for-absent")
@pytest.mark.parametrize(("section", "body"), LISTED)
def test_one_entry_makes_no_list_complete_of_which_nobody_spoke(section: str, body: dict[str, Any]) -> None:
    kind = "happened" if "section" in body else "rate"
    little = {key: value for key, value in adult().items() if key not in (section, "incomplete")}
    events = (*begun(), event(3, kind, body, hours=1))
    found = fold(events, lambda _: case_text(little))
    assert len(found[section]) == 1 and found["incomplete"] == [section]
    assert "incomplete" not in fold(events, document)  # of the whole adult it is one entry more
    whole = {**found, "now": written(2)}
    del whole["incomplete"]  # somebody said that this is all
    later = (*events, event(4, "case", {"case": "document:whole", "seen": 3}, hours=2))
    assert "incomplete" not in fold(later, lambda name: case_text(whole if name == "document:whole" else little))


@pytest.mark.parametrize(("section", "body"), LISTED[3:])
def test_that_one_is_no_longer_given_says_nothing_of_the_others(section: str, body: dict[str, Any]) -> None:
    little = {key: value for key, value in adult().items() if key != section}
    ended = event(4, "happened", {**body, "ended": True}, hours=2)
    assert section not in fold((*begun(), ended), lambda _: case_text(little))
    both = fold((*begun(), event(3, "happened", body, hours=1), ended), lambda _: case_text(little))
    assert both[section] == [] and both["incomplete"] == [section]


def test_a_course_says_once_which_lists_are_perhaps_not_all(empty_bed: Ward) -> None:
    bed = empty_bed
    record_case(bed.by(), {key: value for key, value in adult().items() if key not in ("events", "lines")})
    record_happened(bed.set(1).by(), "events", {"what": "bleeding", "at": written(1)})
    record_happened(bed.by(), "lines", {"with": ["heparin"]})
    found = case_now(bed.events, bed.store.document, bed.now)
    (says,) = found.says
    assert says.startswith("Perhaps there is more than what is recorded: what happened, what shares the line.")
    edited = {key: value for key, value in found.case.items() if key != "incomplete"}
    record_case(bed.by(), edited)
    assert case_now(bed.events, bed.store.document, bed.now).says == ()
    assert bed.events[-1].body["changed"] == ["now all there is: events", "now all there is: lines"]
    record_case(bed.by(), {**edited, "incomplete": ["events"]})
    assert bed.events[-1].body["changed"] == ["perhaps not all there is: events"]


def bag(product: str, hung: float | None, recorded: float) -> tuple[str, dict[str, Any], float]:
    hangs = {} if hung is None else {"hung": written(hung)}
    return "happened", {"section": "preparation", "entry": {"product": product, **hangs}}, recorded


@pytest.mark.parametrize(
    ("bags", "hangs", "late"),
    [
        ([bag("vial", 4, 4), bag("premix", 2, 5)], "vial", (4,)),  # an older one, written down late
        ([bag("vial", 4, 4), bag("premix", 4.5, 5)], "premix", ()),
        ([bag("vial", None, 4), bag("premix", 2, 5)], "vial", (4,)),  # without a time it hangs since it was entered
        ([bag("vial", 4, 4), bag("premix", None, 5)], "premix", ()),
    ],
)
@pytest.mark.hazard("concentration-entry")
def test_what_hangs_is_the_bag_that_was_hung_last(
    bags: list[tuple[str, dict[str, Any], float]], hangs: str, late: tuple[int, ...]
) -> None:
    facts = tuple(event(number, kind, body, hours) for number, (kind, body, hours) in enumerate(bags, 3))
    events = (*begun(), *facts)
    assert fold(events, document)["preparation"]["product"] == hangs
    assert tuple(item.number for item in older_bags(events, document)) == late


def test_a_bag_that_was_hung_before_that_of_the_case_changes_nothing_and_is_told(bed: Ward) -> None:
    case = adult(preparation={"product": "vial", "concentration": "1 mg/mL", "hung": written(2)}, now=written(2))
    record_case(bed.set(2).by(), case)
    record_happened(bed.by(), "preparation", {"product": "premix", "hung": written(1)})
    found = case_now(bed.events, bed.store.document, bed.now)
    assert found.case["preparation"]["product"] == "vial"
    assert found.says[0].startswith("Event 4 tells of a bag that was hung before the one that counts")
    correct(bed.by(), 4, why="the hour", instead={"product": "premix", "hung": written(2)})
    assert case_now(bed.events, bed.store.document, bed.now).case["preparation"]["product"] == "premix"


def test_a_bag_from_ahead_of_the_clock_does_not_count_and_stops_nothing(bed: Ward) -> None:
    record_happened(bed.set(30).by(), "preparation", {"product": "vial", "hung": written(30)})
    bed.set(1)  # the clock was set right
    found = case_now(bed.events, bed.store.document, bed.now)
    assert "preparation" not in found.case
    assert found.says == ("1 of the entries lie after this moment and do not count: look at the clock.",)
    assert read_case(found.case).preparation is None


def test_an_entry_before_the_first_case_says_nothing() -> None:
    events = (event(1, "opened", {"label": "bed"}), event(2, "rate", {"entry": rate("0.375 mcg/kg/min", 0)}))
    with pytest.raises(CourseError, match="no case yet"):
        fold(events, document)
    case = event(3, "case", {"case": name_of(CASE), "seen": 2})
    assert fold((*events, case), document)["administrations"] == []


def test_a_correction_reaches_through_a_case_that_was_written_after_the_slip(bed: Ward) -> None:
    bed.set(2)
    slip = record_reading(bed.by(), reading("serum creatinine", "14 mg/dL", 1)).event.number
    edited = fold(bed.events, bed.store.document)
    edited["patient"]["weight"] = "84 kg"
    record_case(bed.by(), at_moment(edited, bed.now))
    correct(bed.by(), slip, why="the point", instead=reading("serum creatinine", "1.4 mg/dL", 1))
    case = fold(bed.events, bed.store.document)
    assert reading("serum creatinine", "1.4 mg/dL", 1) in case["measurements"]
    assert reading("serum creatinine", "14 mg/dL", 1) not in case["measurements"]
    assert case["patient"]["weight"] == "84 kg"


def test_a_condition_that_was_struck_out_is_what_it_was_before(bed: Ward) -> None:
    slip = record_happened(bed.by(), "conditions", {"oliguria": "present"}).event.number
    edited = fold(bed.events, bed.store.document)
    edited["conditions"]["edema"] = "present"
    record_case(bed.by(), at_moment(edited, bed.now))
    correct(bed.by(), slip, why="another patient")
    conditions = fold(bed.events, bed.store.document)["conditions"]
    assert (conditions["oliguria"], conditions["edema"]) == ("absent", "present")


def test_what_was_known_goes_by_the_server_s_clock_and_never_back() -> None:
    events = (
        event(1, "opened", {"label": "bed"}, recorded=0),
        event(2, "case", {"case": name_of(CASE), "seen": 1}, recorded=5),
        event(3, "noted", {"text": "the clock was set back"}, recorded=1),
        event(4, "noted", {"text": "later"}, recorded=6),
    )
    assert [item.number for item in known_at(events, at(5))] == [1, 2, 3]
    assert [item.number for item in known_at(events, at(3))] == [1]
    assert known_at(events, at(-1)) == ()
    assert known_at(events, at(6)) == events


def test_how_it_was_counts_clinical_times_and_later_corrections(bed: Ward) -> None:
    bed.set(4)
    record_given(bed.by(), rate("0.375 mcg/kg/min", 1))
    slip = record_reading(bed.by(), reading("serum creatinine", "12 mg/dL", 2)).event.number
    record_happened(bed.by(), "conditions", {"oliguria": "present"})
    bag = {"product": "premix", "concentration": "200 mcg/mL", "hung": written(3)}
    record_happened(bed.by(), "preparation", bag)
    bed.set(9)
    record_given(bed.by(), rate("0.5 mcg/kg/min", 8))
    correct(bed.by(), slip, why="the point", instead=reading("serum creatinine", "1.2 mg/dL", 2))
    note(bed.by(), "a note")
    then = as_of(bed.events, bed.store.document, at(5))
    assert then["administrations"] == [rate("0.375 mcg/kg/min", 1)]
    assert then["measurements"][-1] == reading("serum creatinine", "1.2 mg/dL", 2)
    assert then["conditions"]["oliguria"] == "present"
    assert then["preparation"] == bag
    earlier = as_of(bed.events, bed.store.document, at(2.5))
    assert earlier["conditions"]["oliguria"] == "absent"
    assert earlier["preparation"] == adult()["preparation"]
    assert read_case(at_moment(then, at(5))).now == at(5)


def test_a_bag_that_was_hung_later_did_not_hang_then(bed: Ward) -> None:
    edited = adult(now=written(3))
    edited["preparation"] = {"product": "premix", "concentration": "200 mcg/mL", "hung": written(2)}
    first = adult(preparation={"product": "premix", "hung": written(2)}, now=written(2))
    bed.set(3)
    record_case(bed.by(), edited)
    events = bed.events
    assert "preparation" in as_of(events, bed.store.document, at(3))
    text = case_text(first)
    planted = (events[0], event(2, "case", {"case": name_of(text), "seen": 1}, hours=0))
    assert "preparation" not in as_of(planted, lambda _: text, at(1))


def test_before_the_course_nothing_is_known(bed: Ward) -> None:
    with pytest.raises(CourseError, match="The course begins at 2026-11-22T08:00:00"):
        as_of(bed.events, bed.store.document, at(-1))
    with pytest.raises(CourseError, match=r"was known of this patient at [^ ]+\.$"):
        as_of(bed.events[:1], bed.store.document, START)


def test_a_case_without_its_lists_stays_without_them() -> None:
    bare = {key: adult()[key] for key in ("drug", "indication", "now", "patient")}
    text = json.dumps(bare)
    events = (event(1, "opened", {"label": "bed"}), event(2, "case", {"case": name_of(text), "seen": 1}))
    assert fold(events, lambda _: text) == bare
    assert as_of(events, lambda _: text, at(1)) == bare
    assert case_now(events, lambda _: text, START).case == bare
