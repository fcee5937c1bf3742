"""A cause names rules that exist, the weightiest first, and no rule speaks twice."""

from __future__ import annotations

import pytest

from inotrope.drug import check_drug_folder, load_drug
from inotrope.findings import Severity, Shown

CAUSE = """
[[cause]]
id = "blood"
speaks = ["allergy", "potassium"]
joins = ["everything"]
"""


def problems(folder, cause: str) -> list[str]:
    path = folder / "safety.toml"
    text = path.read_text()
    path.write_text(text.replace("[[rule]]", f"{cause}\n[[rule]]", 1))
    return [problem.says for problem in check_drug_folder(folder)]


def test_a_cause_is_read(folder) -> None:
    assert load_drug(folder).causes == ()
    assert problems(folder, CAUSE) == []
    (cause,) = load_drug(folder).causes
    assert (cause.id, cause.speaks, cause.joins) == ("blood", ("allergy", "potassium"), ("everything",))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"potassium"]', '"potasium"]', "'potasium' is no rule of this folder; "),
        ('["everything"]', '["nothing at all"]', "'nothing at all' is no rule of this folder; "),
        ('["allergy", "potassium"]', "[]", "A cause needs a rule that speaks."),
        ('["allergy", "potassium"]', '["potassium", "allergy"]', "stand from stop over warn to inform"),
        ('["everything"]', '["allergy"]', "A rule that joins weighs no more than any that speaks."),
        (
            '["everything"]',
            '["everything", "potassium"]',
            "Rule 'potassium' speaks for one cause and stands in another",
        ),
        ("joins", "jons", "Key 'jons' is not known here"),
    ],
)
def test_a_cause_that_would_hide_something_is_refused(folder, old: str, new: str, says: str) -> None:
    found = problems(folder, CAUSE.replace(old, new))
    assert any(says in item for item in found), found


def test_a_rule_speaks_for_one_cause_alone(folder) -> None:
    found = problems(folder, CAUSE + CAUSE.replace('"blood"', '"more"').replace('"potassium"', '"everything"'))
    assert any("Rule 'allergy' speaks for one cause and stands in another as well." in item for item in found)
    assert any("Rule 'everything' speaks for one cause" in item for item in found)


def test_two_causes_have_two_names(folder) -> None:
    found = problems(folder, CAUSE + CAUSE)
    assert any("blood" in item and "twice" in item for item in found), found


def test_a_broken_rule_is_told_once_and_not_by_its_cause_again(folder) -> None:
    path = folder / "safety.toml"
    path.write_text(path.read_text().replace('title = "Low potassium"', 'title = ""', 1))
    assert len(problems(folder, CAUSE)) == 1


def planted(folder, rule: str, word: str, *, key: str = "shown") -> list[str]:
    path = folder / "safety.toml"
    head, after = path.read_text().split(f'id = "{rule}"', 1)
    path.write_text(f'{head}id = "{rule}"\n{key} = "{word}"{after}')
    return [problem.says for problem in check_drug_folder(folder)]


def test_what_informs_may_be_a_note(folder) -> None:
    assert planted(folder, "everything", "note") == []
    assert [rule.shown for rule in load_drug(folder).rules] == [Shown.ALERT, Shown.ALERT, Shown.NOTE]


@pytest.mark.parametrize(
    ("rule", "shown", "says"),
    [
        ("potassium", "note", "Only a rule that informs may be a note"),
        ("allergy", "answer", "Only a rule that informs may be a note"),
        ("everything", "answer", "A rule that only answers asks nothing and reads no computed fact."),
        ("everything", "whisper", "'whisper' is not one of 'alert', 'note', 'answer'"),
    ],
)
def test_what_warns_or_stops_is_an_alert(folder, rule: str, shown: str, says: str) -> None:
    assert any(says in item for item in planted(folder, rule, shown))


@pytest.mark.parametrize(
    ("rule", "word", "says"),
    [
        ("allergy", "stop", "Only a rule that warns says what to do with the rate that runs"),
        ("everything", "hold", "Only a rule that warns says what to do with the rate that runs"),
        ("potassium", "wait", "'wait' is not one of 'stop', 'hold', 'reduce or stop', 'do not raise'"),
    ],
)
def test_only_a_warning_says_what_to_do_with_the_rate_that_runs(folder, rule: str, word: str, says: str) -> None:
    assert any(says in item for item in planted(folder, rule, word, key="while_running"))


def test_a_note_does_not_speak_for_a_cause(folder) -> None:
    planted(folder, "everything", "note")
    cause = CAUSE.replace('"potassium"]', '"potassium", "everything"]').replace('joins = ["everything"]', "joins = []")
    assert any("A rule that speaks is an alert, no note and no answer." in item for item in problems(folder, cause))


def test_the_shipped_causes_hide_no_stop() -> None:
    drug = load_drug("milrinone")
    assert drug.causes
    for cause in drug.causes:
        assert all(drug.rule(name).severity is not Severity.STOP for name in cause.joins)
