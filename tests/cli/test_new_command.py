"""`inotrope new`: question after question, and a case at the end, or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inotrope.cli.cases import find_case
from inotrope.cli.main import main
from inotrope.patient import read_case
from inotrope.patient.examples import examples

from .conftest import Run

NEEDED = {
    "Drug": "milrinone",
    "Indication": "acute decompensated heart failure",
    "Date and time now": "2026-11-22T08:00:00+01:00",
    "Born on": "1958-03-02",
    "Sex": "male",
    "Weight now": "82 kg",
}
Answer = Callable[[dict[str, str | list[str]]], list[str]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Answer each question by the words it starts with; a list is used up from its front; all else stays empty."""

    def prepare(answers: dict[str, str | list[str]]) -> list[str]:
        left = {key: iter([value] if isinstance(value, str) else value) for key, value in {**NEEDED, **answers}.items()}
        asked: list[str] = []

        def reply(prompt: str = "") -> str:
            asked.append(prompt)
            found: Iterator[str] = next((left[key] for key in left if prompt.strip().startswith(key)), iter(()))
            said = next(found, "")
            if said == "END":
                raise EOFError
            if said == "CTRL-C":
                raise KeyboardInterrupt
            assert len(asked) < 200, "asked for ever"
            return said

        monkeypatch.setattr("builtins.input", reply)
        return asked

    return prepare


def test_the_least_answers_make_a_case(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    answer({})
    assert main(["new", str(path)]) == 0
    case = json.loads(path.read_text(encoding="utf-8"))
    assert set(case) == {"drug", "indication", "now", "patient"}
    assert read_case(path).age_years == 68


def test_everything_that_is_answered_stands_in_the_case(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    answer(
        {
            "Height": "178 cm",
            "Serum creatinine": "1.1 mg/dL",
            "measured at": ["06:10"],
            "Severe aortic stenosis": "no",
            "Edema": "yes",
            "Other medicines": "furosemide, heparin",
            "Allergies": "none",
            "Medicines in the same line": "none",
            "Dialysis": "none",
            "Arrhythmia": ["ventricular tachycardia", "none"],
            "When": "05:30",
            "A load": ["50 mcg/kg", ""],
            "over": "10 min",
            "started at": ["2026-11-21T20:00:00+01:00", "2026-11-21T20:10:00+01:00"],
            "An infusion": ["0.5 mcg/kg/min", ""],
            "Bag or syringe": "premix",
            "Its concentration": "200 mcg/mL",
            "Its volume": "100 mL",
            "Smallest step": "0.1 mL/h",
        }
    )
    assert main(["new", str(path)]) == 0
    case = json.loads(path.read_text(encoding="utf-8"))
    assert case["patient"]["height"] == "178 cm"
    measured = {"what": "serum creatinine", "value": "1.1 mg/dL", "at": "2026-11-22T06:10:00+01:00"}
    assert case["measurements"] == [measured]
    assert case["conditions"] == {"severe aortic stenosis": "absent", "edema": "present"}
    assert (case["medicines"], case["allergies"], case["lines"]) == (["furosemide", "heparin"], [], [])
    assert case["support"] == []
    assert case["events"] == [{"what": "ventricular tachycardia", "at": "2026-11-22T05:30:00+01:00"}]
    assert [row.get("dose") or row["rate"] for row in case["administrations"]] == ["50 mcg/kg", "0.5 mcg/kg/min"]
    assert case["preparation"] == {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"}
    assert case["pump"] == {"step": "0.1 mL/h"}
    read_case(path)


@pytest.mark.parametrize(
    "told",
    [
        ("Drug", "milrinon", "milrinone", "'milrinone'"),
        ("Date and time now", "2026-11-22T08:00:00", "2026-11-22T08:00:00+01:00", "zone"),
        ("Date and time now", "2026-11-22", "2026-11-22T08:00:00+01:00", "zone"),
        ("Indication", "x" * 201, "acute decompensated heart failure", "at most 200 characters"),
        ("Indication", "hypertension", "adhf", "Entries exist for: 'acute decompensated heart failure'"),
        ("Indication", "heart\x1b[2J failure", "acute decompensated heart failure", "\\x1b"),
        ("Born on", "1958", "1958-03-02", "1958"),
        ("Born on", "2026-11-23", "1958-03-02", "after the time of the case"),
        ("Born on", "1658-03-02", "1958-03-02", "1658-03-02"),
        ("Sex", "m", "male", "'male'"),
        ("Weight now", "82", "82 kg", "no unit"),
        ("Weight now", "500 kg", "82 kg", "500 kg"),
        ("Weight now", "", "82 kg", "needed"),
        ("Height", "1.78", "178 cm", "no unit"),
        ("Edema", "perhaps", "yes", "neither yes nor no"),
        ("Bag or syringe", "bag", "premix", "bag"),
        ("Its concentration", "200 mg/kg", "200 mcg/mL", "200 mg/kg"),
    ],
)
def test_a_wrong_answer_is_told_and_asked_again(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], told: tuple[str, str, str, str]
) -> None:
    question, wrong, right, says = told
    asked = answer({question: [wrong, right]})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    assert sum(prompt.strip().startswith(question) for prompt in asked) == 2
    assert says in capsys.readouterr().out


def test_half_an_answer_is_never_dropped_in_silence(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    answer({"Dialysis": ["CRRT", "CRRT", "none"], "Since when": ["", "01:00"]})
    assert main(["new", str(path)]) == 0
    assert "every part" in capsys.readouterr().out
    assert len(json.loads(path.read_text(encoding="utf-8"))["support"]) == 1


def test_women_are_asked_about_pregnancy_and_men_are_not(answer: Answer, tmp_path: Path) -> None:
    asked = answer({})
    main(["new", str(tmp_path / "man.json")])
    assert not any("Pregnancy" in prompt for prompt in asked)
    asked = answer({"Sex": "female"})
    main(["new", str(tmp_path / "woman.json")])
    assert any("Pregnancy" in prompt for prompt in asked)


def test_an_existing_file_is_left_alone(answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.json"
    path.write_text("mine", encoding="utf-8")
    asked = answer({})
    assert main(["new", str(path)]) == 2
    assert asked == []
    assert path.read_text(encoding="utf-8") == "mine"
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(("said", "code"), [("END", 2), ("CTRL-C", 130)])
def test_who_leaves_early_leaves_nothing_behind(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str, code: int
) -> None:
    answer({"Height": said})
    assert main(["new", str(tmp_path / "case.json")]) == code
    assert list(tmp_path.iterdir()) == []
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert error.startswith("inotrope: ")


def test_a_place_that_does_not_exist_is_told_before_the_first_question(answer: Answer, tmp_path: Path) -> None:
    asked = answer({})
    assert main(["new", str(tmp_path / "nowhere" / "case.json")]) == 2
    assert asked == []


@pytest.mark.parametrize("name", ["-", "closed/case.json"])
def test_a_place_that_cannot_be_written_is_told_before_the_first_question(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "closed").mkdir()
    monkeypatch.setattr("os.access", lambda path, _: path.name != "closed")  # root may write everywhere
    asked = answer({})
    assert main(["new", name]) == 2
    assert asked == []
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["closed"]


def test_a_path_with_blanks_is_printed_as_a_shell_takes_it(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer({})
    assert main(["new", str(tmp_path / "bed 7.json")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("bed 7.json'")


def test_a_wrong_answer_is_refused_before_the_next_question(answer: Answer, tmp_path: Path) -> None:
    asked = answer({"Indication": ["x" * 201, "ADHF"], "Born on": ["2030-01-01", "1958-03-02"]})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    first = [prompt.split(" ")[0].rstrip(":,") for prompt in asked[:8]]
    assert first == ["Drug", "Indication", "Indication", "Date", "Born", "Born", "Sex", "Weight"]


def test_a_wrong_time_traps_nobody_at_the_date_of_birth(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    times = ["1926-11-22T08:00:00+01:00", "2026-11-22T08:00:00+01:00"]
    answer({"Date and time now": times, "Born on": ["1958-03-02", "Back", "1958-03-02"]})
    assert main(["new", str(path)]) == 0
    assert "'back'" in capsys.readouterr().out
    case = json.loads(path.read_text(encoding="utf-8"))
    assert (case["now"], case["patient"]["born"]) == (times[1], "1958-03-02")


def test_back_leads_from_any_question_to_the_one_before(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    asked = answer(
        {
            "Drug": ["back", "milrinone"],
            "Weight now": ["82 kg", "back", "80 kg"],
            "Sex": ["male", "female"],
            "Height": ["back", "170 cm"],
            "Arrhythmia": ["ventricular tachycardia", "ventricular tachycardia", "none"],
            "When": ["05:30", "back"],
            "Dialysis": ["none", "CRRT", "none"],
            "Since when": "01:00",
        }
    )
    assert main(["new", str(path)]) == 0
    case = json.loads(path.read_text(encoding="utf-8"))
    assert case["patient"] == {"born": "1958-03-02", "sex": "female", "weight": "80 kg", "height": "170 cm"}
    assert any("Pregnancy" in prompt for prompt in asked)
    assert case["events"] == []
    assert [row["what"] for row in case["support"]] == ["CRRT"]


def test_a_path_is_printed_on_one_line(answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer({})
    assert main(["new", str(tmp_path / "evil\x1b[2J\nname.json")]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "evil\\x1b[2J name.json" in out.splitlines()[-1]


LOAD, INFUSION = "50 mcg/kg", "0.5 mcg/kg/min"


@pytest.mark.parametrize(
    ("load", "infusion", "kept"),
    [
        ("none", "none", []),
        ("none", "", None),
        ("", "none", None),
        ("", "", None),
        (LOAD, "none", [LOAD]),
        (LOAD, "", [LOAD]),
        ("none", INFUSION, [INFUSION]),
        ("", INFUSION, [INFUSION]),
        (LOAD, INFUSION, [LOAD, INFUSION]),
    ],
)
def test_nothing_was_given_only_when_loads_and_infusions_are_both_none(
    answer: Answer, tmp_path: Path, load: str, infusion: str, kept: list[str] | None
) -> None:
    path = tmp_path / "case.json"
    answer({"A load": load, "An infusion": infusion, "started at": ["05:00", "05:10"], "over": "10 min"})
    assert main(["new", str(path)]) == 0
    case = json.loads(path.read_text(encoding="utf-8"))
    given = case.get("administrations")
    assert (None if given is None else [row.get("dose") or row["rate"] for row in given]) == kept
    read_case(path)


def test_what_ended_says_when_and_what_runs_on_says_nothing(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    answer(
        {
            "Dialysis": ["CRRT", "ECMO", "none"],
            "Since when": ["01:00", "02:00"],
            "ended at": ["03:30", ""],
            "An infusion": ["0.5 mcg/kg/min", "0.375 mcg/kg/min", ""],
            "started at": ["04:00", "05:00"],
            "stopped at": ["05:00", ""],
        }
    )
    assert main(["new", str(path)]) == 0
    case = json.loads(path.read_text(encoding="utf-8"))
    assert [row.get("end") for row in case["support"]] == ["2026-11-22T03:30:00+01:00", None]
    assert [row.get("end") for row in case["administrations"]] == ["2026-11-22T05:00:00+01:00", None]
    read_case(path)


@pytest.mark.parametrize(
    ("end", "says"), [("03:00", "not after the start"), ("none", "End 'none'"), ("soon", "End 'soon'")]
)
def test_an_end_that_cannot_be_is_told_and_asked_again(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], end: str, says: str
) -> None:
    path = tmp_path / "case.json"
    asked = answer({"An infusion": [INFUSION], "started at": ["04:00"], "stopped at": [end, "05:00"]})
    assert main(["new", str(path)]) == 0
    assert sum("started at" in prompt for prompt in asked) == 1  # only what was wrong is asked again
    assert says in capsys.readouterr().out.split("Written: ")[0]
    assert len(json.loads(path.read_text(encoding="utf-8"))["administrations"]) == 1


def test_none_as_a_later_part_of_an_answer_is_no_end_of_it(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    answer({"A load": [LOAD], "started at": ["none", "05:00"], "over": ["10 min"]})
    assert main(["new", str(path)]) == 0
    assert [row["dose"] for row in json.loads(path.read_text(encoding="utf-8"))["administrations"]] == [LOAD]


def test_an_indication_without_an_entry_is_told_each_time(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    answer({"Indication": ["hypertension", "hypertension", "ADHF"]})
    assert main(["new", str(path)]) == 0
    assert capsys.readouterr().out.count("There is no dosing entry for 'hypertension'.") == 2
    assert json.loads(path.read_text(encoding="utf-8"))["indication"] == "ADHF"


def test_no_prompt_looks_as_if_an_answer_stood_there(answer: Answer, tmp_path: Path) -> None:
    asked = answer({"Sex": "female", "A load": "none", "An infusion": INFUSION, "started at": "04:00"})
    main(["new", str(tmp_path / "case.json")])
    assert "Height (such as 178 cm; Enter = unknown): " in asked
    for prompt in asked:
        assert not re.search(r": [^ ]", re.sub(r"\(.*\)", "", prompt)), prompt


def test_a_newborn_is_asked_what_its_dose_hangs_on(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    baby = {
        "Indication": "low cardiac output",
        "Born on": "2026-11-20T03:00:00+01:00",
        "Weight now": "1.1 kg",
        "Gestational age": "27+3",
        "Renal impairment": "no",
        "Patent ductus": "no",
        "Hung": "06:00",
        "Concentration of milrinone": "180 ng/mL",
        "measured at": "07:00",
    }
    asked = answer(baby)
    assert main(["new", str(path)]) == 0
    case = read_case(path)
    assert case.age_group == "newborn"
    assert case.postnatal_hours_known
    assert case.postmenstrual_age is not None
    assert case.preparation is not None
    assert case.preparation.hung is not None
    assert case.preparation.hung.hour == 6
    level = case.latest("concentration", of="milrinone")
    assert level is not None
    assert level.value.value == 180
    assert any(prompt.startswith("Intraventricular hemorrhage") for prompt in asked)


def test_an_adult_is_not_asked_what_only_the_young_are(answer: Answer, tmp_path: Path) -> None:
    asked = answer({})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    assert not [word for word in asked if word.startswith(("Gestational", "Renal imp", "Patent duct", "Intravent"))]


def test_a_wrong_start_is_told_before_the_end_is_asked(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    asked = answer({"An infusion": ["0.5", INFUSION], "started at": ["at five", "09:00", "05:00"]})
    assert main(["new", str(path)]) == 0
    told = [prompt.strip().split(" (")[0] for prompt in asked]
    first = told.index("An infusion of milrinone given or running")
    assert told[first : first + 6] == [
        *["An infusion of milrinone given or running"] * 2,
        *["started at"] * 3,
        "stopped at",
    ]
    out = capsys.readouterr().out
    assert "'at five'" in out
    assert "no unit" in out
    assert read_case(path).administrations is not None


def test_what_a_baby_needs_is_marked_as_needed(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    baby = {"Indication": "low cardiac output", "Born on": "2026-11-20T03:00:00+01:00", "Weight now": "3 kg"}
    asked = answer({**baby, "Gestational age": ["39", "39+0"]})
    assert main(["new", str(path)]) == 0
    assert "For 39 weeks and no days write '39+0'." in capsys.readouterr().out
    assert "Gestational age at birth (such as 27+3 or 39+0; needed, no dose without it): " in asked
    assert "Renal impairment (yes, no; needed below 1 year, no dose without it): " in asked
    asked = answer({**baby, "Born on": "2026-02-20", "Weight now": "7 kg"})
    assert main(["new", str(tmp_path / "other.json")]) == 0
    assert "Gestational age at birth (such as 27+3 or 39+0; Enter = unknown): " in asked


@pytest.mark.parametrize("name", examples())
def test_a_shipped_example_becomes_a_file_to_change(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / "mine.json"
    ended = run("new", str(path), "--from", name)
    assert ended.code == 0
    assert f"inotrope plan {path}" in ended.out
    assert read_case(path) == find_case(name)
    path.write_text("changed since", encoding="utf-8")
    ended = run("new", str(path), "--from", name)
    assert (ended.code, ended.is_one_line()) == (2, True)
    assert "exists already and is left alone" in ended.err
    assert path.read_text(encoding="utf-8") == "changed since"


@pytest.mark.parametrize("name", ["child", "../cases/sound-adult", "", "sound-adult.json"])
def test_an_example_that_is_none_is_named_with_those_that_are(run: Run, tmp_path: Path, name: str) -> None:
    ended = run("new", str(tmp_path / "mine.json"), "--from", name)
    assert (ended.code, ended.is_one_line()) == (2, True)
    assert f"'{name}' is no shipped example" in ended.err
    assert all(known in ended.err for known in examples())
    assert not (tmp_path / "mine.json").exists()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("0.5", "Write it such as '0.5 mcg/kg/min' or '41 mcg/min'."),
        ("half", "Write it such as '0.5 mcg/kg/min' or '41 mcg/min'."),
        ("0,5 mcg/kg/min", "Write it such as '0.5 mcg/kg/min' or '41 mcg/min'."),
        ("0.5 mcg", "Accepted: mcg/kg/min, mcg/kg/h, mg/kg/h, mg/kg/day, mcg/min, mcg/h, mg/h, mg/day."),
        ("0.5 mL", "Accepted: mcg/kg/min, mcg/kg/h, mg/kg/h, mg/kg/day, mcg/min, mcg/h, mg/h, mg/day."),
        ("0.5 mcg/kg", "a rate needs one, such as mcg/kg/min. Accepted: mcg/kg/min, "),
        ("0.5 drops", "Accepted: mcg/kg/min, mcg/kg/h, mg/kg/h, mg/kg/day, mcg/min, mcg/h, mg/h, mg/day."),
        ("5 mL/h", "is a flow, and what it gives depends on bag and weight. Convert it, "),
        ("-1 mcg/kg/min", "Write '0 mcg/kg/min' for a pause."),
    ],
)
def test_a_rate_given_wrongly_is_offered_nothing_that_is_refused(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, says: str
) -> None:
    path = tmp_path / "case.json"
    answer({"An infusion": [written, "0.5mcg/kg/min", "none"], "started at": "07:00"})
    assert main(["new", str(path)]) == 0
    told = capsys.readouterr().out
    assert says in told
    assert "mL/h" not in told or written == "5 mL/h"
    assert [row["rate"] for row in json.loads(path.read_text(encoding="utf-8"))["administrations"]] == ["0.5mcg/kg/min"]


@pytest.fixture
def somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)


@pytest.mark.usefixtures("somebody_is_there")
@pytest.mark.hazard("electrolytes-and-company")
@pytest.mark.parametrize(
    ("question", "key"),
    [("Other medicines", "medicines"), ("Allergies", "allergies"), ("Medicines in the same", "lines")],
)
def test_an_unknown_medicine_is_told_at_once_and_asked_again(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], question: str, key: str
) -> None:
    asked = answer({question: ["digoxin, furosemid", "digoxin, furosemide 20 mg"], "Edema": "yes"})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    assert sum(prompt.strip().startswith(question) for prompt in asked) == 2
    out = capsys.readouterr().out
    assert "'furosemid' is not known: did you mean furosemide? It is NOT checked until it is written so." in out
    assert "Not known, and kept as written" not in out
    case = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    names = ["digoxin", "furosemide 20 mg"]
    assert case[key] == ([{"with": names}] if key == "lines" else names)
    assert case["conditions"] == {"edema": "present"}  # what was answered before is kept


@pytest.mark.usefixtures("somebody_is_there")
def test_an_unknown_medicine_stands_when_it_is_written_again(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answer({"Other medicines": ["glimmerazole", "glimmerazole"], "Allergies": "none"})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    assert sum(prompt.strip().startswith("Other medicines") for prompt in asked) == 2
    told = capsys.readouterr().out
    assert told.count("'glimmerazole' is not known, and no known name is near: it is NOT checked.") == 3
    assert "Not known, and kept as written:" in told
    assert read_case(tmp_path / "case.json").medicines


@pytest.mark.hazard("electrolytes-and-company")
def test_where_nobody_can_be_asked_again_an_unknown_medicine_is_told_and_kept(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    asked = answer({"Other medicines": "furosemid", "Allergies": "none", "Medicines in the same": "furosemid"})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    assert sum(prompt.strip().startswith("Other medicines") for prompt in asked) == 1
    told = capsys.readouterr().out
    assert told.count("did you mean furosemide?") == 3  # twice at once, and once at the end
    case = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    assert (case["medicines"], case["allergies"], case["lines"]) == (["furosemid"], [], [{"with": ["furosemid"]}])


@pytest.mark.usefixtures("somebody_is_there")
def test_the_drug_itself_misspelled_among_the_allergies_is_never_kept(
    answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answer({"Allergies": ["milrinon", "milrinon", "milrinone"]})
    assert main(["new", str(tmp_path / "case.json")]) == 0
    assert sum(prompt.strip().startswith("Allergies") for prompt in asked) == 3
    assert "looks like milrinone" in capsys.readouterr().out
