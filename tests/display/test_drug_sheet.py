"""The drug page: every number comes from the folder."""

from __future__ import annotations

import re

import pytest

from inotrope.display import PARTS, Sheet, drug_overview, drug_sheet, family_sheet, to_markdown, to_text
from inotrope.display.entry_sheet import who
from inotrope.drug import AdverseGroup, load_drug
from inotrope.findings import Severity

DRUG = load_drug("milrinone")


def wide(sheet: Sheet) -> str:
    return to_text(sheet, width=3000)


def test_the_staff_page_shows_every_limit_and_every_printed_point() -> None:
    text = wide(drug_sheet(DRUG))
    for entry in DRUG.entries:
        load = ("load.dose", "load.dose_maximum", "load.rate", "load.rate_maximum", "load.duration")
        rates = ("maintenance.minimum", "maintenance.standard", "maintenance.maximum", "total_24_h.maximum")
        times = ("duration.controlled_experience", "duration.longest", "duration.until_age", "kidney.impaired_below")
        for path in (*load, *rates, *times):
            assert path not in entry.numbers or str(entry.numbers[path].value) in text
        for point in () if entry.renal is None else entry.renal.points:
            assert re.search(rf"{re.escape(str(point.clearance))} +{re.escape(str(point.rate))}", text)
        assert f"{entry.authority}, {entry.indication}, " in text
        assert all(remark.says in text for remark in entry.remarks)
    assert "children, below 6 years" in text
    assert "newborns, from 5 days below 28 days, postmenstrual age from 24.6 weeks to 30.1 weeks" in text
    assert "newborns, below 18 h, born at below 29 weeks" in text
    assert "24 h cap: none: no cap is sourced for this use." in text
    assert "3 mg/kg in 50 mL" in text
    assert all(rule.id in text for rule in DRUG.rules)
    assert all(item.name in text for item in (*DRUG.products, *DRUG.lines, *DRUG.adverse))


def test_what_nobody_confirmed_is_marked() -> None:
    text = wide(drug_sheet(DRUG))
    assert "301.3 g/mol (unconfirmed)" in text
    assert not [code.code for code in DRUG.codes if not code.usable and f"{code.code} (" in text]


def test_every_number_in_brackets_is_a_listed_source() -> None:
    text = wide(drug_sheet(DRUG))
    named = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    listed = {int(number) for number in re.findall(r"^ +(\d+)\. ", text.split("-- Sources")[1], flags=re.MULTILINE)}
    assert named == listed == set(range(1, len(listed) + 1))


def test_families_read_every_effect_in_plain_words_and_no_dose() -> None:
    text = wide(family_sheet(DRUG))
    for item in DRUG.adverse:
        adult = not re.search("child|newborn", item.name)
        assert (f"- {item.plain}" in text) == adult, item.name
    assert not re.search("child|newborn|babies", text)
    assert text.index("Common") < text.index("Less common")
    assert not re.search(r"\d (mcg|mg|mL)\b", text)
    assert {item.group for item in DRUG.adverse} == set(AdverseGroup)


def test_families_meet_no_word_of_the_laboratory_without_its_meaning() -> None:
    text = wide(family_sheet(DRUG))
    page, explained = text.split("-- Words explained")
    assert not re.search("enzyme|PDE|AMP|inhibit|phosphodiesterase", text)
    for word in ("ECG", "half-lives", "serum", "potassium", "magnesium", "creatinine", "platelets", "liver tests"):
        assert word in page
        assert f"- {word}: " in explained
    assert "- arrhythmia: " in explained
    speak_up = page.split("When to speak up")[1].split("-- What")[0]
    assert "feel" not in speak_up.replace("feels wrong", "")
    assert "shows only in tests" in speak_up


def test_a_frequency_is_said_in_people() -> None:
    # 12.1 % is 1 in 8.26; 0.2 % is 1 in 500.
    text = wide(family_sheet(DRUG))
    assert "main chambers of the heart: 12.1 % of patients, about 1 in 8" in text
    assert "no longer pumps: 0.2 % of patients, about 1 in 500" in text


@pytest.mark.parametrize("sheet", [drug_sheet(DRUG), family_sheet(DRUG)], ids=["staff", "family"])
def test_numbers_are_written_as_a_ward_reads_them(sheet: Sheet) -> None:
    text = re.sub(r"prints \S+", "", wide(sheet).split("-- Sources")[0].split("-- Versions")[0])  # a quoted print
    assert "µ" not in text
    assert not re.search(r"(?<![\d.])\d+\.\d*0 (m|g|h|k|%|d)", text)


@pytest.mark.parametrize("sheet", [drug_sheet(DRUG), family_sheet(DRUG)], ids=["staff", "family"])
def test_markdown_has_every_table_line_in_as_many_cells_as_its_head(sheet: Sheet) -> None:
    text = to_markdown(sheet)
    assert text.startswith("# milrinone")
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(counts) == 1, table
    assert sheet.notice.split(".")[0] in text
    assert "<script" not in text


def test_the_overview_names_every_entry_with_its_limits_and_counts_the_rules() -> None:
    text = wide(drug_overview(DRUG))
    for entry in DRUG.entries:
        (line,) = [
            line
            for line in text.partition(f"{entry.indication}\n")[2].partition("\n\n")[0].splitlines()
            if f"{who(entry)}, {entry.authority}:" in line
        ]
        rates = entry.maintenance
        assert str(rates.maximum.value) in line
        assert str(rates.minimum.value.in_unit("mcg/kg/min").normalize()) in line
        assert ("no load" in line) is (entry.load is None)
        if entry.total_24_h is None:
            assert "no 24 h cap sourced" in line
        else:
            assert str(entry.total_24_h.maximum.value) in line
    for product in DRUG.products:
        assert str(product.strength.value) in text and str(product.volume.value) in text
    for severity in Severity:
        count = sum(rule.severity is severity for rule in DRUG.rules)
        assert re.search(rf"{severity.value} +{count} rules", text)
    assert "(judgement)" in text  # what practice prints is our choice of a start


def test_one_part_of_the_page_is_that_part_of_the_whole() -> None:
    whole = wide(drug_sheet(DRUG))
    for name in PARTS:
        part = drug_sheet(DRUG, name)
        assert part.sections[-1].title == "Sources" or name == "identity"
        assert all(section.title in whole for section in part.sections)
