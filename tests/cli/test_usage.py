"""A command line that nobody can read: the option or verb that was meant, and what there is to choose from."""

from __future__ import annotations

import pytest

from .conftest import Run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "sound-adult", "--waht-if", "pause 2 h"), "'--waht-if' is no option of 'inotrope plan'; the nearest"),
        (("plan", "sound-adult", "--waht-if=pause 2 h"), "known: '--what-if'"),
        (("plan", "sound-adult", "-json"), "known: '--json'"),
        (("simulate", "--modle", "x"), "known: '--model'"),  # and not only that --model is missing
        (("drug", "show", "milrinone", "--fulll"), "'--fulll' is no option of 'inotrope drug show'; the nearest"),
        (("--vers",), "known: '--version'"),
        (("--json", "plan", "sound-adult"), "'--json' is an option of 'inotrope plan'. Write it behind that."),
        (("drug", "--json", "list"), "'--json' is an option of 'inotrope drug list'. Write it behind that."),
    ],
)
def test_an_option_that_nobody_knows_has_its_nearest(run: Run, words: tuple[str, ...], says: str) -> None:
    ended = run(*words)
    assert ended.code == 2
    if "--json" in words:
        assert ended.json["error"]["says"].startswith(says)
    else:
        assert ended.is_one_line(), ended.err
        assert says in ended.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("drug", "shwo"), "'shwo' is nothing that 'inotrope drug' does; the nearest known: 'show'."),
        (("site", "show"), "'show' is nothing that 'inotrope site' does; known: 'check'."),
        (("schema", "cases"), "'cases' is nothing that 'inotrope schema' does; the nearest known: 'case'"),
    ],
)
def test_a_verb_that_nobody_knows_has_its_nearest(run: Run, words: tuple[str, ...], says: str) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    assert says in ended.err


@pytest.mark.parametrize(
    ("command", "verbs"),
    [
        ("drug", ("list", "show", "check")),
        ("model", ("list", "check", "show")),
        ("site", ("check",)),
        (
            "schema",
            (
                *("case", "plan", "screening", "fit", "target", "circulation", "what-if", "order", "order-check"),
                *("answers", "conversion", "error"),
            ),
        ),
    ],
)
def test_a_command_without_its_verb_shows_what_it_does(run: Run, command: str, verbs: tuple[str, ...]) -> None:
    ended = run(command)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == f"inotrope: Say what 'inotrope {command}' should do: {', '.join(verbs)}."
    assert ended.err.startswith(run(command, "--help").out)
    for verb in verbs:
        assert run(command, verb, "--help").code == 0


def test_words_that_nothing_takes_are_a_text_without_quotes(run: Run) -> None:
    ended = run("plan", "sound-adult", "--what-if", "pause", "2", "h")
    assert ended.code == 2
    assert ended.is_one_line()
    assert "Nothing takes '2 h'. A text with blanks stands in quotes" in ended.err
    assert "'inotrope plan --help'" in ended.err
    assert "Nothing takes '-v'" in run("-v").err


def test_what_only_looks_like_an_option_is_none(run: Run) -> None:
    assert run("plan", "--", "sound-adult").code == 0
    bag = ("--weight", "70 kg", "--concentration", "200 mcg/mL")
    assert "Pump rate '-1 mL/h' must be above zero" in run("dose", "--pump", "-1 mL/h", *bag).err
    assert run("order", "--text=--json").code == 4


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("foo", "'foo' is no rule; none of the"),
        ("severe-valve", "'severe-valve' is no rule; the nearest known: 'severe-valve-obstruction'"),
        ("foo=valve surgery tonight", "'foo' is no rule of milrinone; none of the"),
        ("valve=valve surgery tonight", "'valve' is no rule of milrinone; with that word: 'severe-valve-obstruction'"),
    ],
)
def test_an_override_of_no_rule_says_where_the_rules_stand(run: Run, written: str, says: str) -> None:
    for command in ("plan", "screen"):
        ended = run(command, "severe-aortic-stenosis", "--override", written)
        assert ended.code == 2
        assert ended.is_one_line(), ended.err
        assert says in ended.err
        assert "'inotrope drug show milrinone --section rules' lists" in ended.err


def test_the_rules_stand_where_the_error_says(run: Run) -> None:
    shown = run("drug", "show", "milrinone", "--section", "rules")
    assert shown.code == 0
    assert "(severe-valve-obstruction)" in shown.out


def test_an_override_that_lacks_its_reason_says_that_alone(run: Run) -> None:
    for written in ("severe-valve-obstruction", "severe-valve-obstruction="):
        ended = run("plan", "severe-aortic-stenosis", "--override", written)
        assert 'It lacks the reason. Write severe-valve-obstruction="why, and who decided".' in ended.err
        assert "is no rule" not in ended.err
