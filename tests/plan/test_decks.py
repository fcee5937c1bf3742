"""The runner of worked cases notices when one does not come out as written.

That all of the library's do is shown where a person would ask: by `inotrope drug check` (`tests/cli`).
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from inotrope.drug import Drug, load_drug
from inotrope.errors import LibraryError
from inotrope.plan.decks import Deck, build_case, read_decks, run_deck
from tests.worked_cases import worked_cases


@pytest.fixture(scope="module")
def drug() -> Drug:
    return load_drug("milrinone")


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ({"status": "refused"}, "status is 'plan', expected 'refused'"),
        ({"exit": 3}, "exit is '0', expected '3'"),
        ({"equation": "ckd_epi_2021"}, "equation is 'cockcroft_gault'"),
        ({"refused_for": "creatinine-absent"}, "refused for []"),
        ({"missing": ["height"]}, "does not ask for ['height']"),
        ({"only_fires": ["edema"]}, "fires [], expected only ['edema']"),
        ({"fires": ["edema"]}, "rule 'edema' is silent, expected fires"),
        ({"silent": ["no-such-rule"]}, "rule 'no-such-rule' does not exist"),
        ({"rate": "0.376 mcg/kg/min"}, "rate is '0.375 mcg/kg/min'"),
        ({"pump_rate": "9.3 mL/h"}, "pump_rate is '9.2 mL/h'"),
        ({"delivered_rate": "0.375 mcg/kg/min"}, "delivered_rate is '0.373984 mcg/kg/min'"),
        ({"maximum": "0.5 mcg/kg/min"}, "maximum is '0.75 mcg/kg/min'"),
        ({"load_volume": "none"}, "load_volume is '4.1 mL', expected 'none'"),
        ({"load_dose": "4 mg"}, "load_dose is '4.1 mg'"),
        ({"total_24_h": "0.6 mg/kg"}, "total_24_h is '0.588537 mg/kg'"),
        ({"kidney": "60 mL/min/1.73 m2"}, "kidney is '64.047417"),
        ({"bag_lasts": "10 h"}, "bag_lasts is '10.869565 h'"),
        ({"entry": "child-septic-shock"}, "entry is 'adult-acute-decompensated-heart-failure'"),
        ({"authority": "UK text"}, "authority is 'US label', expected 'UK text'"),
        ({"cap": "none"}, "cap is '1.13 mg/kg in any 24 h, the load counted', expected 'none'"),
        ({"load_duration": "11 min"}, "load_duration is '10 min', expected '11 min'"),
        ({"load_rate": "0.75 mcg/kg/min"}, "load_rate is 'None', expected '0.75 mcg/kg/min'"),
        ({"beside": []}, "expected []"),
        ({"left_24_h": "1 mg/kg"}, "left_24_h is '1.13 mg/kg', expected '1 mg/kg'"),
        ({"next_up": "0.5 mcg/kg/min"}, "next_up is 'None', expected '0.5 mcg/kg/min'"),
        ({"bag_ends": "2026-11-22T09:00:00+01:00"}, "bag_ends is 'None', expected '2026-11-22T09:00:00+01:00'"),
    ],
)
def test_a_wrong_expectation_is_noticed(drug: Drug, expect: dict[str, Any], says: str) -> None:
    bases, _ = worked_cases()
    result = run_deck(drug, bases, Deck("planted", {"base": "sound-adult", "expect": expect}, "here"))
    assert not result.passed
    assert says in result.differences[0]


def test_a_stop_or_a_warning_is_noticed_where_none_is_expected(drug: Drug) -> None:
    bases, _ = worked_cases()
    quiet = {"base": "sound-adult", "expect": {"no_stop_or_warning": True}}
    assert run_deck(drug, bases, Deck("planted", quiet, "here")).passed
    noisy = {**quiet, "set": {"conditions.edema": "present", "allergies": ["milrinone"]}}
    (says,) = run_deck(drug, bases, Deck("planted", noisy, "here")).differences
    assert "hypersensitivity-milrinone" in says and "expected no stop and no warning" in says


def test_an_expected_none_is_met_by_absence_only(drug: Drug) -> None:
    bases, _ = worked_cases()
    stopped = {"base": "sound-adult", "set": {"allergies": ["milrinone"]}, "expect": {"pump_rate": "none"}}
    assert run_deck(drug, bases, Deck("planted", stopped, "here")).passed
    stopped["expect"] = {"pump_rate": "9.2 mL/h"}
    assert run_deck(drug, bases, Deck("planted", stopped, "here")).differences == (
        "pump_rate is 'None', expected '9.2 mL/h'",
    )


def test_an_error_is_a_difference(drug: Drug) -> None:
    bases, _ = worked_cases()
    deck = Deck("planted", {"base": "sound-adult", "set": {"patient.weight": "82 lb"}, "expect": {"exit": 0}}, "here")
    assert run_deck(drug, bases, deck).differences[0].startswith("raised UnitError: planted: patient.weight")


@pytest.mark.parametrize(("rule", "says"), [("edema", ""), ("gone", "rule 'gone' does not exist")])
def test_a_guard_rule_is_judged_alone_and_must_exist(drug: Drug, rule: str, says: str) -> None:
    bases, _ = worked_cases()
    content = {"base": "sound-adult", "rule": rule, "state": "silent", "facts": {"delivered rate": "0.8 mcg/kg/min"}}
    result = run_deck(drug, bases, Deck("planted", content, "here"))
    assert result.differences == ((says,) if says else ())
    content = {**content, "rule": "delivered-rate-above-maximum"}
    result = run_deck(drug, bases, Deck("planted", content, "here"))
    assert result.differences == ("rule 'delivered-rate-above-maximum' is fires, expected silent",)


def test_changes_are_made_in_order_and_leave_the_base_alone(drug: Drug) -> None:
    bases, _ = worked_cases()
    before = copy.deepcopy(bases)
    case = build_case(
        bases,
        {
            "base": "sound-adult",
            "set": {"patient.weight": "50 kg", "conditions.edema": "present"},
            "drop": ["patient.height", "no.such.path", "lines"],
            "unmeasure": ["serum potassium"],
            "measure": {"mean arterial pressure": "60 mmHg", "serum potassium": "3 mmol/L"},
        },
    )
    assert bases == before
    assert case["patient"]["weight"] == "50 kg"
    assert "height" not in case["patient"]
    assert "lines" not in case
    by_kind = {item["what"]: item for item in case["measurements"]}
    assert by_kind["mean arterial pressure"] == {
        "what": "mean arterial pressure",
        "value": "60 mmHg",
        "at": "2026-11-22T07:50:00+01:00",
    }
    assert by_kind["serum potassium"]["at"] == "2026-11-22T07:30:00+01:00"  # half an hour before now


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[case]]\nid = "a"\nbase = "b"\nstates = "fires"', "unknown key 'states'"),
        ('[[case]]\nid = "a"\nbase = "gone"\nstate = "fires"', "starts from no known base"),
        ('[[case]]\nid = "a"\nbase = "b"', "expects nothing"),
        ('[[case]]\nid = "a"\nbase = "b"\nstate = "fires"\n' * 2, "stands twice"),
        ('[[case]]\nid = "a"\nbase = "b"\n[case.expect]\nstat = "plan"', "unknown key 'stat'"),
        ('[[case]]\nid = "a"\nbase = "b"\nexpect = 1', "'expect' of worked case 'a' is no table"),
    ],
)
def test_a_malformed_deck_is_an_error_with_its_line(drug: Drug, tmp_path: Any, text: str, says: str) -> None:
    (tmp_path / "cases.toml").write_text("[base.b]\n" + text, encoding="utf-8")
    with pytest.raises(LibraryError, match=says) as caught:
        read_decks(_with_folder(drug, tmp_path))
    assert "cases.toml, line" in str(caught.value)


BASES = '[base.a]\nx = 1\n[[case]]\nid = "one"\nbase = "{}"\nstate = "fires"\n'


def test_the_files_beside_cases_toml_are_read_and_share_their_bases(drug: Drug, tmp_path: Any) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases.toml").write_text(BASES.format("b"), encoding="utf-8")
    further = BASES.format("a").replace("base.a", "base.b").replace('"one"', '"two"')
    (tmp_path / "cases" / "ages.toml").write_text(further, encoding="utf-8")
    bases, decks = read_decks(_with_folder(drug, tmp_path))
    assert set(bases) == {"a", "b"}
    assert [(deck.id, deck.file) for deck in decks] == [("one", "cases.toml"), ("two", "cases/ages.toml")]
    assert decks[1].where == "milrinone/cases/ages.toml, line 4: case[0].id"


@pytest.mark.parametrize(
    ("further", "says"),
    [
        (BASES.format("a"), "The base case 'a' stands twice"),
        (BASES.format("a").partition("[[")[2].join(("[[", "")), "'one' stands twice"),
        ("case = 3", "Worked cases are tables"),
    ],
)
def test_nothing_stands_twice_in_two_files(drug: Drug, tmp_path: Any, further: str, says: str) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases.toml").write_text(BASES.format("a"), encoding="utf-8")
    (tmp_path / "cases" / "ages.toml").write_text(further, encoding="utf-8")
    with pytest.raises(LibraryError, match=says) as caught:
        read_decks(_with_folder(drug, tmp_path))
    assert "cases/ages.toml" in str(caught.value)


def _with_folder(drug: Drug, folder: Any) -> Drug:
    changed = copy.copy(drug)
    object.__setattr__(changed, "folder", folder)
    return changed


@pytest.mark.parametrize("text", ["case = [1]", "case = 1", "base = 1"])
def test_decks_that_are_no_tables_are_an_error(drug: Drug, tmp_path: Any, text: str) -> None:
    (tmp_path / "cases.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match="Worked cases are tables"):
        read_decks(_with_folder(drug, tmp_path))


@pytest.mark.parametrize(
    "changes", [{"set": 1}, {"unmeasure": 3}, {"expect": {"fires": 1}}, {"override": 1}, {"set": {"drug.x": 1}}]
)
def test_a_deck_of_the_wrong_shape_is_a_difference(drug: Drug, changes: dict[str, Any]) -> None:
    bases, _ = worked_cases()
    result = run_deck(drug, bases, Deck("planted", {"base": "sound-adult", "state": "fires", **changes}, "here"))
    assert "not in the form of a worked case" in result.differences[0]
