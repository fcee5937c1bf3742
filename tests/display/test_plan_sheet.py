"""What stands on a plan, in which order, and what must never stand on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from inotrope.display import Mark, Section, Sheet, plan_sheet, screening_sheet, to_text
from inotrope.display.sheet import quantities
from inotrope.drug import load_drug
from inotrope.findings import Severity, Shown, State
from inotrope.patient import read_case
from inotrope.plan import NOTICE, Plan, PlanStatus, make_plan, screen
from inotrope.plan.decks import build_case
from inotrope.plan.record import Missing
from inotrope.units import Quantity
from tests.worked_cases import worked_cases

from .conftest import CASES

PlanOf = Callable[..., Plan]
TRAILING_ZERO = re.compile(r"(?<![\d.])\d[\d,]*\.\d*0(?![\d.])")
WIDE = 3000
"""Columns; more than the longest line, so that no sentence is broken."""
NAKED_POINT = re.compile(r"(?<![\w.])\.\d")


def titles(sheet: Sheet) -> list[str]:
    return [section.title for section in sheet.sections]


def body(sheet: Sheet) -> str:
    """Everything but the versions and the notice, on one line: digests are no doses."""
    text = to_text(replace(sheet, versions=(), notice=""), width=WIDE)
    return text


def loud(sheet: Sheet) -> tuple[Section, ...]:
    return tuple(section for section in sheet.sections if section.loud)


def dose_lines(sheet: Sheet) -> list[str]:
    boxes = replace(sheet, title="", subtitle="", status=None, sections=loud(sheet), versions=(), notice="")
    return to_text(boxes, width=WIDE).splitlines()


def own_words(plan: Plan) -> str:
    """A plan without the names of its sources, which are quoted as they were printed."""
    text = body(plan_sheet(plan))
    for source in plan.sources:
        text = text.replace(source.place, "").replace(source.where, "").replace(source.title, "")
    return text


def test_a_plan_is_read_in_the_order_in_which_it_is_checked(plan_of: PlanOf) -> None:
    assert titles(plan_sheet(plan_of("sound-adult"))) == [
        "Patient",
        "Loading dose",
        "Maintenance",
        "Preparation",
        "Titration",
        "Forecast of the level",
        "Authorities",
        "Kidney",
        "Findings",
        "Questions",
        "Monitoring",
        "Side effects to watch for",
        "Arithmetic",
        "Sources",
    ]


def test_what_is_set_stands_beside_its_product(plan_of: PlanOf) -> None:
    # 82 kg x 50 mcg/kg = 4,100 mcg = 4.1 mL of 1 mg/mL; 0.375 x 82 x 60 / 200 = 9.225 mL/h, in steps of 0.1: 9.2
    text = body(plan_sheet(plan_of("sound-adult")))
    assert re.search(r"Draw up +4\.1 mL of milrinone (vial 1 mg/mL|1 mg/mL vial)\n", text)
    assert re.search(r"Set the pump +9\.2 mL/h of milrinone premix 200 mcg/mL\n", text)
    assert re.search(r"Load +4\.1 mg \(50 mcg/kg\) over 10 min\n", text)


def test_a_volume_in_the_dose_block_names_product_and_strength(example: str, plan_of: PlanOf) -> None:
    for line in dose_lines(plan_sheet(plan_of(example))):
        if re.search(r"\d mL(/h)?(?![\w/])", line) and "pump's step" not in line:
            assert re.search(r"milrinone .*\d mc?g/mL|diluted milrinone", line), line


def test_no_number_of_the_dose_block_stands_without_a_unit(example: str, plan_of: PlanOf) -> None:
    for line in dose_lines(plan_sheet(plan_of(example))):
        single = re.sub(r"\d+ to (?=\d)", "", line)  # the lower end of a range has its unit behind the upper one
        bare = re.sub(r"\[\d+\]", "", quantities().sub("", single))
        bare = re.sub(r"\d+ half-lives", "", bare)  # a count
        assert not re.search(r"\d", bare.replace("In 24 h", "")), line


def test_numbers_are_written_as_a_ward_reads_them(example: str, plan_of: PlanOf) -> None:
    text = own_words(plan_of(example))
    assert not TRAILING_ZERO.search(text), TRAILING_ZERO.findall(text)
    assert not NAKED_POINT.search(text)
    assert "µ" not in text
    assert "μ" not in text
    shown = text.split("-- Arithmetic")[0]  # a line of arithmetic may carry more digits, so that it can be followed
    assert not re.search(r"\d\.\d{5,}", shown), re.findall(r"\d\.\d{5,}", shown)


def test_every_plan_carries_the_notice_and_its_versions(example: str, plan_of: PlanOf) -> None:
    plan = plan_of(example)
    sheet = plan_sheet(plan)
    assert sheet.notice == NOTICE
    assert {row.text for row in sheet.versions} >= {plan.versions.drug_folder, plan.versions.inotrope}


def test_a_stop_shows_its_reason_and_no_dose(plan_of: PlanOf) -> None:
    sheet = plan_sheet(plan_of("severe-aortic-stenosis"))
    assert sheet.status is not None
    assert sheet.status.mark is Mark.STOP
    assert "severe-valve-obstruction" in sheet.status.rows[0].text
    assert not loud(sheet)
    assert not {"Loading dose", "Maintenance", "Titration", "Preparation"} & set(titles(sheet))
    assert "mcg/kg/min" not in body(replace(sheet, sections=tuple(s for s in sheet.sections if s.title != "Sources")))


def test_an_override_stands_at_the_head_and_inside_each_dose_box(plan_of: PlanOf) -> None:
    reason = "bridge to valve surgery tonight"
    sheet = plan_sheet(plan_of("severe-aortic-stenosis", reason=reason))
    assert sheet.status is not None
    assert any(reason in row.text and row.mark is Mark.OVERRIDDEN for row in sheet.status.rows)
    for section in loud(sheet):
        assert reason in to_text(replace(sheet, status=None, sections=(section,)), width=WIDE), section.title
    assert "[/] OVERRIDDEN" in body(sheet)


def test_an_assumed_kidney_stands_beside_the_dose(plan_of: PlanOf) -> None:
    sheet = plan_sheet(plan_of("no-creatinine", kidney="60 mL/min/1.73 m2"))
    for section in loud(sheet):
        text = to_text(replace(sheet, status=None, sections=(section,)), width=WIDE)
        assert "ASSUMED to be 60 mL/min/1.73 m2" in text
    assert "60 mL/min/1.73 m2 ASSUMED, not measured" in body(sheet)


def test_a_refusal_shows_the_rates_at_three_named_kidneys(plan_of: PlanOf) -> None:
    # The printed points: 0.33 at 30 and 0.23 at 10 mL/min/1.73 m2; at 80 the minimum, 0.375 mcg/kg/min.
    text = body(plan_sheet(plan_of("no-creatinine")))
    for clearance, rate in (("80", "0.375"), ("30", "0.33"), ("10", "0.23")):
        assert re.search(rf"{clearance} mL/min/1\.73 m2 +{re.escape(rate)} mcg/kg/min", text)
    assert "Not a proposal" in text
    assert "creatinine-absent" in text


def test_no_load_says_why(plan_of: PlanOf) -> None:
    text = body(plan_sheet(plan_of("low-pressure")))
    assert re.search(r"Load +none\n", text)
    assert re.search(r"Why +.*58 mmHg", text)


def test_findings_stand_in_groups_each_with_evidence_and_source(plan_of: PlanOf) -> None:
    plan = plan_of("running-since-yesterday")
    text = body(plan_sheet(plan))
    for finding in plan.findings:
        assert finding.state is State.FIRES
        assert f"{finding.title} ({finding.rule})" in text
        assert finding.says in text
        assert finding.advice in text
    notes = [finding for finding in plan.findings if finding.shown is Shown.NOTE and not finding.under]
    assert [finding.rule for finding in notes] == ["already-running"]
    assert text.index("[!] WARN") < text.index("Notes: said of most patients; no alert")
    assert text.count("Evidence") == len(plan.findings) - len(notes)


def test_what_speaks_of_one_cause_stands_on_one_card(plan_of: PlanOf) -> None:
    plan = plan_of("running-since-yesterday")
    first = plan.findings[0]
    second = replace(first, rule="another", title="Another", under=first.rule)
    told = body(plan_sheet(replace(plan, findings=(first, second))))
    card = told.split("-- Findings")[1]
    assert card.count("[!] WARN") == 1
    assert f"Also      {second.title} ({second.rule}): {second.says}" in card
    assert card.count("Evidence") == 2
    assert "1 warn, 0 to ask, 0 to know. Also 1 under these." in body(
        plan_sheet(replace(plan, findings=(first, second)))
    )
    above = body(plan_sheet(replace(plan, findings=(first, second)))).split("== Loading dose")[0]
    assert f"{first.advice} Also: Another." in above


def test_a_note_is_one_line_with_its_sources(plan_of: PlanOf) -> None:
    plan = plan_of("running-since-yesterday")
    note = next(finding for finding in plan.findings if finding.rule == "already-running")
    assert "Also 1 note." in body(plan_sheet(replace(plan, findings=(note,))))
    assert "Also 2 notes." in body(plan_sheet(replace(plan, findings=(note, replace(note, sources=())))))
    told = body(plan_sheet(replace(plan, findings=(replace(note, sources=()),))))
    assert f"{note.title} ({note.rule}): {note.says} {note.advice}\n" in told


def test_an_unknown_is_a_question_whatever_its_rule_weighs(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    text = body(plan_sheet(plan))
    stops = [item for item in plan.findings if item.state is State.UNKNOWN and item.severity is Severity.STOP]
    assert stops
    assert all(f"[?] {item.title} ({item.rule}, stop): see question" in text for item in stops)
    assert "[X]" not in text


def test_the_first_five_questions_stand_apart_and_none_is_lost(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    text = body(plan_sheet(plan))
    asked = list(dict.fromkeys(item.asks for item in plan.missing))
    assert len(asked) > 5
    first, rest = text.split("Ask these first")[1].split("Then these")
    assert all(question in first for question in asked[:5])
    assert all(question in rest for question in asked[5:])
    assert all(re.search(rf"\d\. (.*, )?{re.escape(item.name)}[,:]", first + rest) for item in plan.missing)


def test_each_question_stands_once_and_the_open_findings_refer_to_its_number(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    text = body(plan_sheet(plan))
    for question in {item.asks for item in plan.missing}:
        assert text.split("-- Findings")[1].count(question) == 1, question
    numbers = {
        name: number
        for number, names in re.findall(r"^ *(\d+)\. ([^:]+): ", text.split("-- Questions")[1], flags=re.MULTILINE)
        for name in names.split(", ")
    }
    for finding in plan.findings:
        wanted = sorted({int(numbers[name]) for name in finding.needs})
        word = "question" if len(wanted) == 1 else "questions"
        line = f"({finding.rule}, {finding.severity}): see {word} {', '.join(map(str, wanted))}\n"
        assert line in text


def test_what_no_question_settles_still_asks_itself(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    text = body(plan_sheet(replace(plan, missing=())))
    assert all(item.asks in text for item in plan.findings)


def test_five_questions_need_no_second_heading(plan_of: PlanOf) -> None:
    few = tuple(Missing(f"thing {number}", f"Which {number}?", "a note", ()) for number in range(5))
    assert "Then these" not in body(plan_sheet(replace(plan_of("sound-adult"), missing=few)))


def test_without_a_preparation_there_is_no_pump_rate_and_the_standard_ones_are_offered(plan_of: PlanOf) -> None:
    plan = plan_of("almost-nothing-known")
    assert plan.status is PlanStatus.PLAN
    text = body(plan_sheet(plan))
    assert re.search(r"Set the pump +\[\?\] no mL/h without a preparation", text)
    assert "Standard preparations to choose from" in text
    assert "assumed: the case does not say" in text


def test_every_line_of_arithmetic_is_there_and_numbered(example: str, plan_of: PlanOf) -> None:
    plan = plan_of(example)
    parts = (plan.kidney, plan.loading_dose, plan.maintenance, plan.total_24_h)
    lines = [line for part in parts if part is not None for line in part.arithmetic]
    text = body(plan_sheet(plan))
    for number, line in enumerate(lines, start=1):
        assert f"  {number}. {line}" in text or f" {number}. {line}" in text


def test_every_source_of_the_plan_is_listed_with_how_sure_it_is(example: str, plan_of: PlanOf) -> None:
    plan = plan_of(example)
    listed = body(plan_sheet(plan)).split("-- Sources")[1]
    apart = () if plan.circulation is None else plan.circulation.sources  # text by text, in a section of their own
    for source in plan.sources:
        assert f"{source.title}: {source.place}" in listed or source in apart
    for source in apart:
        assert f"{source.title} ({source.status}): " in listed and source.place in listed
    numbered = [source for source in plan.sources if source not in apart]
    assert listed.count("(judgement)") >= sum(source.status == "judgement" for source in numbered) - 1


def test_a_judgement_is_marked_in_the_monitoring_schedule(plan_of: PlanOf) -> None:
    plan = plan_of("sound-adult")
    text = body(plan_sheet(plan))
    for item in plan.monitoring:
        marked = f"{item.how_often} (judgement)" in text
        assert marked == (item.source.status == "judgement"), item.what


def test_a_screening_shows_findings_and_no_dose() -> None:
    sheet = screening_sheet(screen(read_case(CASES / "severe-aortic-stenosis.json")))
    assert titles(sheet) == ["Findings", "Questions", "Sources"]
    assert sheet.status is not None
    assert sheet.status.mark is Mark.STOP
    assert not loud(sheet)


@pytest.mark.parametrize(("error", "shown"), [("-0.27", "-0.3 %"), ("0.41", "+0.4 %"), ("0", "0 %"), ("0.04", "0 %")])
def test_the_error_of_delivery_shows_its_sign(plan_of: PlanOf, error: str, shown: str) -> None:
    plan = plan_of("sound-adult")
    assert plan.maintenance is not None
    changed = replace(plan, maintenance=replace(plan.maintenance, delivered_error=Quantity(Decimal(error), "%")))
    assert f"({shown} from the rate)" in body(plan_sheet(changed))


# --- other authorities, other ages -----------------------------------------------------------------------------------


def young(base: str, **changes: Any) -> Plan:
    """Return the plan of a base of the worked cases without the rules, which the worked cases prove."""
    drug = load_drug("milrinone")
    bases, _ = worked_cases()
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    case = read_case(build_case(bases, {"base": base, "set": dotted}), name=base)
    without = replace(drug, rules=())
    without.__dict__["adverse"] = drug.adverse  # its effects name the rules that are left out
    return make_plan(case, drug=without)


def test_what_other_authorities_say_stands_beside_the_dose(plan_of: PlanOf) -> None:
    text = body(plan_sheet(plan_of("sound-adult")))
    assert "Dose from  US label" in text
    assert "Cap        1.13 mg/kg in any 24 h, the load counted" in text
    assert "May run    no controlled experience beyond 48 h" in text
    assert "What other authorities say" in text
    assert "None of their rates is proposed here" in text
    assert re.search(r"UK text \(on the UK label\) +may run: at most 5 days, here no longest time", text)
    assert re.search(
        r"ACCF/AHA guideline table \(off label\) +load: none, here 50 mcg/kg over 10 min; start: 0.125", text
    )


def test_a_refusal_without_an_entry_names_no_authority(plan_of: PlanOf) -> None:
    assert "Authorities" not in titles(plan_sheet(young("adult-70", indication="hypertension")))


def test_a_child_sees_the_printed_range_and_that_no_cap_is_sourced() -> None:
    text = body(plan_sheet(young("toddler")))
    assert "male, 2 years, height 87 cm" in text
    assert "0.6 mg (50 mcg/kg) over 60 min" in text
    assert "50 mcg/kg to 75 mcg/kg, over 30 min to 60 min; the lowest dose over the longest time is proposed" in text
    assert re.search(r"Entry's rates +minimum 0.25 mcg/kg/min\n", text)
    assert "none sourced: no text that was read gives a total for 24 h in this use" in text
    assert "none: no cap is sourced for this use" in text
    assert "Not approved for children in the US" in text
    assert "What other authorities say" not in text


def test_a_newborn_s_load_is_set_on_the_pump() -> None:
    text = body(plan_sheet(young("term-newborn")))
    assert "male, 6 days, born at 39 weeks, postmenstrual age 39 weeks 6 days, height 50 cm" in text
    assert "0.0768 mg (24 mcg/kg) over 60 min" in text
    assert "0.4 mcg/kg/min of milrinone diluted from vials, 192 mcg/mL" in text
    assert (
        "0.4 mL/h of milrinone diluted from vials, 192 mcg/mL for 60 min; then lower it to the maintenance rate" in text
    )
    assert (
        "24 mcg/kg to 75 mcg/kg (0.4 mcg/kg/min to 1.25 mcg/kg/min); the lowest dose over the longest time is proposed"
        in text
    )
    bare = body(plan_sheet(young("term-newborn", preparation={})))
    assert "0.4 mcg/kg/min of the bag or syringe on the pump" in bare
    assert "1 mL/h gives 1 mcg/kg/min" in bare


def test_an_old_patient_s_gestational_age_is_shown_without_a_postmenstrual_one() -> None:
    text = body(plan_sheet(young("adult-70", patient__gestational_age="31 weeks")))
    assert "born at 31 weeks" in text
    assert "postmenstrual" not in text.split("Forecast of the level")[0]


def test_a_load_says_what_the_pump_makes_of_it() -> None:
    # 0.4 x 4 x 60 / 200 = 0.48 mL/h, set 0.5: 25 mcg/kg instead of 24.
    premix = {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"}
    changes = {"patient.weight": "4 kg", "preparation": premix, "pump.step": "0.1 mL/h"}
    text = body(plan_sheet(young("term-newborn", **changes)))
    assert re.search(r"Load +0\.1 mg \(25 mcg/kg\) over 60 min", text)
    assert "24 mcg/kg over 60 min; the pump's step makes it 25 mcg/kg" in text
    # 50 x 5.5 = 0.275, drawn up to 0.28 mL: too little to reach the patient undiluted.
    text = " ".join(body(plan_sheet(young("infant", **{"patient.weight": "5.5 kg", "pump.step": "0.1 mL/h"}))).split())
    assert "Dilute it [!] 0.28 mL of milrinone 1 mg/mL vial is less than 1 mL (judgement)" in text
    assert "give all of it in 60 min" in text
    # 50 x 82 = 4.1 mL in 10 min is 24.6 mL/h; a pump with steps of 1 mL/h cannot run at that.
    document = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8")) | {"pump": {"step": "1 mL/h"}}
    text = " ".join(body(plan_sheet(make_plan(read_case(document)))).split())
    assert "not settable on this pump (steps of 1 mL/h, the nearest is 25 mL/h)" in text


def test_a_dose_that_ends_before_24_h_says_which_hours_are_counted() -> None:
    text = body(plan_sheet(young("first-day")))
    assert re.search(r"Counted +Paradisis 2007 study protocol ends at 18 h of age: only its own hours", text)
    going = [{"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "rate": "0.75 mcg/kg/min"}]
    text = body(plan_sheet(young("preterm", administrations=going)))
    assert "rest of the load included, at the entry's start" in text
    assert "Maintenance (after the load, from 10:00)" in text and re.search(r"Then +0\.2 mcg/kg/min", text)
    assert "Label's start" not in text


@pytest.mark.parametrize("name", ["sound-adult", "running-since-yesterday", "severe-aortic-stenosis", "dialysis"])
def test_a_brief_sheet_leaves_out_no_finding_no_number_of_the_dose_and_not_the_notice(
    plan_of: PlanOf, name: str
) -> None:
    plan = plan_of(name)
    full, short = plan_sheet(plan), plan_sheet(plan, brief=True)
    left_out = {"Side effects to watch for", "Sources"}
    kept = [part for part in full.sections if part.title not in left_out]
    assert [part.title for part in short.sections if part.title != "Left out here"] == [part.title for part in kept]
    other = {"Authorities", "Monitoring", "Forecast of the level"}
    assert [p for p in short.sections if p.title not in {*other, "Left out here"}] == [
        part for part in kept if part.title not in other
    ]
    assert (short.status, short.alerts, short.versions, short.notice) == (
        full.status,
        full.alerts,
        full.versions,
        full.notice,
    )
    text = to_text(short, width=3000)
    for item in plan.monitoring:  # its limits are read at the bedside
        assert f"{item.what}: {item.how_often.rstrip('.')}" in text
        assert item.why in text
    for item in plan.beside:
        assert item.authority in text
    assert "--full" in text
    assert len(to_text(short).splitlines()) < 0.75 * len(to_text(full).splitlines())
