"""One root class, one line, every part kept across processes, and nothing in a line that a terminal would obey."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope import errors
from inotrope.errors import (
    LONGEST_VALUE,
    AccessError,
    CaseError,
    CirculationError,
    CourseError,
    EquationError,
    FileError,
    InotropeError,
    KineticsError,
    LibraryError,
    Overtaken,
    RecordError,
    RequestError,
    UnitError,
    nearest,
    one_line,
    shorten,
)

KINDS = {
    AccessError: "access",
    UnitError: "unit",
    FileError: "file",
    CaseError: "case",
    CirculationError: "circulation",
    CourseError: "course",
    EquationError: "equation",
    KineticsError: "kinetics",
    LibraryError: "library",
    Overtaken: "overtaken",
    RecordError: "record",
    RequestError: "request",
}

# Any text at all, lone surrogates and control characters included.
anything = st.text(st.characters(), max_size=400)


def test_every_error_of_the_module_has_its_kind_and_the_one_root() -> None:
    found = {
        item
        for item in vars(errors).values()
        if isinstance(item, type) and issubclass(item, InotropeError) and item is not InotropeError
    }
    assert found == set(KINDS)
    for error, kind in KINDS.items():
        assert error.kind == kind
        assert error.__mro__[1:3] == (InotropeError, ValueError)
    assert InotropeError.kind == "error"


def test_the_parts_stand_in_the_one_json_shape() -> None:
    error = UnitError("Weight '82' has no unit.", value=82, accepted="kg", where="case.json: patient.weight")
    assert error.to_plain() == {
        "error": {
            "kind": "unit",
            "says": "Weight '82' has no unit.",
            "value": "82",
            "accepted": "kg",
            "where": "case.json: patient.weight",
        }
    }
    assert str(error) == "case.json: patient.weight: Weight '82' has no unit."


def test_parts_that_are_not_known_are_null_and_leave_no_trace_in_the_line() -> None:
    error = CaseError("No patient.")
    assert error.to_plain() == {
        "error": {"kind": "case", "says": "No patient.", "value": None, "accepted": None, "where": None}
    }
    assert str(error) == "No patient."


def test_a_value_that_is_false_is_still_a_value() -> None:
    assert [CaseError("x", value=value).value for value in (0, "", False)] == ["0", "", "False"]


def test_places_are_put_in_front_of_each_other_from_inside_to_outside() -> None:
    error = CaseError("Bad.")
    assert error.at("weight") is error
    assert str(error) == "weight: Bad."
    assert str(error.at("case.json")) == "case.json: weight: Bad."


@pytest.mark.parametrize("error", KINDS)
@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("parts", [{}, {"value": "\x1b" * 500, "accepted": "kg", "where": "case.json"}])
def test_an_error_survives_pickling_whole(error: type[InotropeError], again, parts: dict[str, str]) -> None:
    one = error("Line\none.", **parts)
    two = again(one)
    assert type(two) is error
    assert (two.says, two.value, two.accepted, two.where) == (one.says, one.value, one.accepted, one.where)
    assert str(two) == str(one)
    assert two.to_plain() == one.to_plain()


def test_what_came_meanwhile_goes_with_the_error_to_another_process() -> None:
    one = Overtaken("Too late.", came=("an event",), conflicts=("a value",), where="patient.weight")
    two = pickle.loads(pickle.dumps(one))
    assert (two.came, two.conflicts, str(two)) == (("an event",), ("a value",), "patient.weight: Too late.")


@settings(deadline=None)
@given(anything, anything, anything, anything)
def test_whatever_is_in_it_an_error_is_one_line_that_can_be_printed(says: str, value: str, known: str, at: str) -> None:
    error = CaseError(says, value=value, accepted=known, where=at)
    plain = error.to_plain()["error"]
    for text in (str(error), *plain.values()):
        assert text is not None
        assert text.isprintable()
        assert text.encode("utf-8") is not None
    assert len(plain["value"] or "") <= LONGEST_VALUE


def test_what_cannot_be_seen_is_written_out() -> None:
    assert one_line("a\x1b[31mb\x00c\u200bd\u202ee\ud800") == r"a\x1b[31mb\x00c\u200bd\u202ee\ud800"


def test_every_kind_of_blank_and_line_end_becomes_one_blank() -> None:
    assert one_line(" a\nb\r\nc\td\u2028e\x85f\xa0 \x0bg\x1c\n") == "a b c d e f g"


def test_letters_of_any_script_stay() -> None:
    assert one_line("Müller µg ٣ 水") == "Müller µg ٣ 水"


def test_shortening_leaves_what_fits() -> None:
    assert shorten("x" * 80) == "x" * 80
    assert shorten("  a  b ") == "a b"
    assert shorten("") == ""


def test_shortening_cuts_at_the_limit_and_says_so() -> None:
    assert shorten("x" * 81) == "x" * 77 + "..."
    assert shorten("x" * 10_000) == "x" * 77 + "..."
    assert shorten("abcdefgh", 6) == "abc..."


def test_a_cut_among_blanks_is_shown_too() -> None:
    assert shorten("a" + " " * 10_000 + "b") == "a..."


@settings(deadline=None)
@given(anything)
def test_shortening_twice_changes_nothing_more(text: str) -> None:
    once = shorten(text)
    assert shorten(once) == once
    assert len(once) <= LONGEST_VALUE


def test_the_nearest_words_are_named_in_their_own_spelling_best_first() -> None:
    assert nearest("potasium", ["Potassium", "Sodium", "Magnesium"]) == "the nearest known: 'Potassium'"
    assert nearest("ML/H", ["mL/h", "mg/mL"]) == "the nearest known: 'mL/h'"


def test_two_names_that_differ_in_case_only_are_named_once() -> None:
    assert nearest("mlh", ["ML/H", "mL/h"]).count("/") == 1


def test_at_most_three_words_are_named() -> None:
    assert nearest("item", [f"item{n}" for n in range(9)]).count("'") == 6


def test_where_none_is_near_a_short_list_is_shown_whole_and_a_long_one_counted() -> None:
    assert nearest("zzz", ["b", "a"]) == "known: 'a', 'b'"
    assert nearest("zzz", [f"w{n:02}" for n in range(12)]).startswith("known: 'w00', ")
    assert nearest("zzz", [f"w{n:02}" for n in range(13)]) == "none of the 13 known names is near"


def test_nothing_known_is_said() -> None:
    assert nearest("zzz", []) == "known: none"


def test_a_word_of_any_length_is_compared_by_its_beginning() -> None:
    assert nearest("x" * 1_000_000, ["milrinone"]) == "known: 'milrinone'"


def test_where_many_are_known_a_part_of_a_name_is_near() -> None:
    known = [f"long-name-of-a-rule-{n:02}" for n in range(13)] + ["severe-obstruction-of-a-valve"]
    assert nearest("Valve", known) == "with that word: 'severe-obstruction-of-a-valve'"
    assert nearest("rule", known).count("'") == 2 * 12
    assert nearest("of", known) == "none of the 14 known names is near"
