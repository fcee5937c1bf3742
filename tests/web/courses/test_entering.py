"""Whatever is entered into a course: each kind by its own form, at its field what is wrong, and one form one entry."""

from __future__ import annotations

import pytest

from tests.moments import hours_ago
from tests.web.courses.conftest import Ward

KINDS = [
    ("rate", "rate", {"rate": "0.4", "rate__unit": "mcg/kg/min", "start": hours_ago(1)}, "milrinone 0.4 mcg/kg/min"),
    (
        "load",
        "rate",
        {"dose": "25", "dose__unit": "mcg/kg", "duration": "10", "duration__unit": "min", "start": hours_ago(1)},
        "milrinone 25 mcg/kg over 10 min",
    ),
    (
        "level",
        "level",
        {"value": "212", "value__unit": "ng/mL", "at": hours_ago(1), "site": "arterial line"},
        "concentration of milrinone 212 ng/mL, arterial line",
    ),
    (
        "reading",
        "reading",
        {"what": "mean arterial pressure|mmHg", "value": "66", "at": hours_ago(1)},
        "mean arterial pressure 66 mmHg",
    ),
    ("event", "happened", {"what": "ventricular tachycardia", "at": hours_ago(1)}, "ventricular tachycardia"),
    (
        "support",
        "happened",
        {"what": "CRRT", "start": hours_ago(1), "effluent": "2000", "effluent__unit": "mL/h"},
        "CRRT since",
    ),
    ("condition", "happened", {"condition": "oliguria", "state": "present"}, "oliguria: present"),
    ("medicine", "happened", {"medicine": "amiodarone", "state": "given"}, "given beside it: amiodarone"),
    ("medicine", "happened", {"medicine": "furosemide", "state": "stopped"}, "no longer given beside it: furosemide"),
    (
        "other",
        "rate",
        {"of": "norepinephrine", "rate": "0.05", "rate__unit": "mcg/kg/min", "start": hours_ago(1)},
        "norepinephrine 0.05 mcg/kg/min",
    ),
    ("line", "happened", {"with": "furosemide", "state": "stopped"}, "no longer in one line: furosemide"),
    (
        "bag",
        "happened",
        {"product": "vial", "amount": "20", "volume": "50", "diluent": "sodium chloride 0.9 %"},
        "amount 20 mg",
    ),
    ("note", "noted", {"text": "Family was told."}, "note: Family was told."),
]


def test_each_kind_has_a_form_and_becomes_an_entry_in_words(ward: Ward) -> None:
    course = ward.begun()
    for what, kind, fields, says in KINDS:
        page = ward.entered(course, what, **fields)
        assert page.path == f"/courses/{course}", page.text
        assert (ward.last(course).kind, ward.last(course).by) == (kind, "B. Second"), what
        assert "Recorded as entry" in page.text and says in page.text, what
    assert len(ward.kinds(course)) == 2 + len(KINDS)  # behind the opening and the case


@pytest.mark.parametrize(
    ("what", "fields", "field", "says"),
    [
        ("rate", {"rate": "0.4", "start": hours_ago(1)}, "f-administrations-0-rate", "no unit"),
        ("rate", {}, "f-administrations-0-rate", "Nothing was typed"),
        ("rate", {"rate": "0.4", "rate__unit": "mcg/kg/min", "start": "noon"}, "f-administrations-0-start", "noon"),
        ("level", {"value": "212", "value__unit": "ng/mL"}, "f-measurements-0-at", "at"),
        ("reading", {"value": "66", "at": hours_ago(1)}, "f-measurements-0-what", "Nothing was chosen"),
        ("medicine", {"state": "given"}, "f-medicine", "Nothing was typed"),
        ("medicine", {"medicine": "amiodarone"}, "f-state", "Nothing was chosen"),
        ("note", {"text": ""}, "f-text", "Nothing was typed"),
        ("note", {"text": "x" * 2001}, "f-text", "2,001 characters"),
        ("condition", {"condition": "oliguria", "state": "present", "when": "soon"}, "f-when", "soon"),
        ("condition", {"condition": "oliguria", "state": "present", "when": hours_ago(-2)}, "f-when", "lies ahead"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    ward: Ward, what: str, fields: dict[str, str], field: str, says: str
) -> None:
    course = ward.begun()
    sent = ward.typed(course, what, **fields)
    page = ward.send(f"/courses/{course}/record/{what}", sent)
    assert page.status == 422 and says in page.text
    assert f'href="#{field}"' in page.source and f'id="{field}-wrong"' in page.source
    for text in fields.values():
        assert text in page.text or f'value="{text}"' in page.source
    assert page.hidden("form") == sent["form"] and ward.kinds(course) == ["opened", "case"]


def test_a_form_sent_twice_is_one_entry(ward: Ward) -> None:
    course = ward.begun()
    sent = ward.typed(course, "note", text="Once.")
    first, again = (ward.send(f"/courses/{course}/record/note", sent) for _ in range(2))
    assert ward.kinds(course) == ["opened", "case", "noted"]
    assert first.text == again.text


def test_nobody_is_refused_because_somebody_else_wrote_first_and_both_are_told(ward: Ward) -> None:
    course = ward.begun()
    late = ward.typed(course, "level", value="212", value__unit="ng/mL", at=hours_ago(1))
    ward.entered(course, "note", text="The line was flushed.")
    page = ward.send(f"/courses/{course}/record/level", late)
    assert ward.kinds(course)[-2:] == ["noted", "level"]
    assert "Came meanwhile" in page.text and "Entry 3, by B. Second: note: The line was flushed." in page.text


def test_somebody_has_to_say_who_enters_it_and_need_not_say_it_twice(ward: Ward) -> None:
    course = ward.begun()
    sent = ward.typed(course, "note", text="Who?") | {"by": " "}
    page = ward.send(f"/courses/{course}/record/note", sent)
    assert page.status == 422 and 'href="#by"' in page.source and "Who?" in page.text
    ward.send(f"/courses/{course}/record/note", sent | {"by": "Ä. Dritte"})
    assert ward.last(course).by == "Ä. Dritte"
    assert 'value="Ä. Dritte"' in ward.get(f"/courses/{course}/record/rate").source


def test_an_entry_is_corrected_and_struck_out_and_what_was_written_stays(ward: Ward) -> None:
    course = ward.begun()
    ward.entered(course, "level", value="212", value__unit="ng/mL", at=hours_ago(1), site="arterial line")
    page = ward.get(f"/courses/{course}/correct/3")
    assert "212 ng/mL" in page.text and 'value="212"' in page.source
    own = {"seen": "3", "form": page.hidden("form"), "by": "C. Third", "why": "read from another line"}
    was = {name: page.hidden(f"measurements.0.{name}") for name in ("value", "at", "site")}
    sent = own | {f"measurements.0.{name}": text for name, text in was.items()}
    sent |= {"measurements.0.value": "121", "measurements.0.value.unit": "ng/mL"}
    nowhy = ward.send(f"/courses/{course}/correct/3", sent | {"why": ""})
    assert nowhy.status == 422 and 'href="#f-why"' in nowhy.source and 'value="121"' in nowhy.source
    done = ward.send(f"/courses/{course}/correct/3", sent | {"do": "instead"})
    assert "121 ng/mL" in done.text and "first written: concentration of milrinone 212 ng/mL" in done.text
    ward.send(f"/courses/{course}/correct/3", own | {"form": "other", "seen": "4", "do": "strike"})
    assert ward.last(course).body == {"of": 3, "why": "read from another line", "instead": None}
    assert ward.get(f"/courses/{course}/correct/3").status == 422  # nothing is left to correct
    assert ward.get(f"/courses/{course}/correct/2").status == 422  # a case is changed by another


@pytest.mark.parametrize("path", ["/courses/none", "/courses/none/record/rate", "/courses/none/handover"])
def test_a_course_that_is_none_is_told_in_words(ward: Ward, path: str) -> None:
    assert ward.get(path).status == 404


def test_what_nobody_enters_is_told_with_what_is_near(ward: Ward) -> None:
    page = ward.get(f"/courses/{ward.begun()}/record/rates")
    assert page.status == 422 and "'rates'" in page.text
