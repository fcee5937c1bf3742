"""Files that are absent, huge, broken or hostile: one line each, with the place, and never a traceback."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope import files
from inotrope.errors import FileError
from inotrope.files import Toml, decode, dotted, read_bytes, read_json, read_toml


def short(value: object) -> str:
    """A test's name must not be a megabyte long."""
    return ascii(value)[:30]


def refused(text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        read_json(text, "case.json")
    assert str(caught.value).startswith("case.json: ")
    assert "\n" not in str(caught.value)
    return caught.value


def refused_toml(content: str | bytes) -> FileError:
    with pytest.raises(FileError) as caught:
        read_toml(content.encode() if isinstance(content, str) else content, "drug.toml")
    assert str(caught.value).startswith("drug.toml: ")
    assert len(str(caught.value)) < 400
    return caught.value


# --- bytes -----------------------------------------------------------------------------------------------------------


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xef\xbb\xbf{}\r\n")
    assert read_bytes(path) == b"\xef\xbb\xbf{}\r\n"


def test_an_empty_file_is_read_and_then_refused_as_text(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.touch()
    with pytest.raises(FileError, match=r"case\.json: The file is empty\."):
        decode(read_bytes(path), "case.json")


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"does not exist\. Check the name\.") as caught:
        read_bytes(tmp_path / "cas.json")
    assert caught.value.where == "cas.json"


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder, not a file"):
        read_bytes(tmp_path)


def test_the_root_folder_has_no_name_but_a_place() -> None:
    root = Path(Path.cwd().anchor)
    with pytest.raises(FileError, match="is a folder") as caught:
        read_bytes(root)
    assert caught.value.where == str(root)


def test_a_file_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(FileError):
        read_bytes(tmp_path / "a" / "b")


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 10_000], ids=short)
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError) as caught:
        read_bytes(tmp_path / name)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("problem", "says"),
    [(PermissionError(13, "Permission denied"), "Permission denied"), (OSError("odd device"), "odd device")],
)
def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, says: str) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise problem

    path = tmp_path / "case.json"
    path.touch()
    monkeypatch.setattr(Path, "open", unreadable)
    with pytest.raises(FileError, match=f"cannot be read: {says}."):
        read_bytes(path)


def test_a_file_of_six_million_bytes_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "case.json"
    with path.open("wb") as stream:
        stream.truncate(6_000_000)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(FileError, match="has 6,000,000 bytes; at most 5,000,000 are read"):
        read_bytes(path)


def test_what_has_no_size_is_read_up_to_the_limit_and_one_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    path = tmp_path / "case.json"
    path.write_bytes(b"x" * 50)
    assert len(files._content(path)) == 11


def test_the_limit_itself_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    path = tmp_path / "case.json"
    path.write_bytes(b"x" * 10)
    assert decode(read_bytes(path), "case.json") == "x" * 10
    with pytest.raises(FileError, match="More than 10 bytes came in"):
        decode(b"x" * 11, "standard input")


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t", b"\xef\xbb\xbf\n"])
def test_empty_text(content: bytes) -> None:
    with pytest.raises(FileError, match="The file is empty"):
        decode(content, "case.json")


def test_one_byte_order_mark_is_taken_off() -> None:
    assert decode(b"\xef\xbb\xbfx", "case.json") == "x"


@pytest.mark.parametrize(
    ("content", "byte", "line"),
    [
        (b"\xff", 0, 1),
        (b"a\n\xff", 2, 2),
        (b"\xef\xbb\xbfa\n\xff", 5, 2),  # the mark counts as three bytes
        ("é\né".encode() + b"\xc3", 5, 2),  # cut in the middle of a character
        (b"\n\n\xed\xa0\x80", 2, 3),  # a surrogate
        (b"\xc0\x80", 0, 1),  # a zero written too long
        ("{}".encode("utf-16-le") + b"\xff", 4, 1),
    ],
)
def test_text_that_is_not_utf8_names_the_byte_and_the_line(content: bytes, byte: int, line: int) -> None:
    with pytest.raises(FileError, match=f"not UTF-8: byte {byte} in line {line} ") as caught:
        decode(content, "case.json")
    assert caught.value.where == "case.json"


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_numbers_come_out_as_they_were_written() -> None:
    content = read_json("[0.1, 1.10, 1e2, 7, -0, -0.0, 12345678901234567890]", "case.json")
    assert [str(number) for number in content] == ["0.1", "1.10", "1E+2", "7", "0", "-0.0", "12345678901234567890"]
    assert [type(number) for number in content] == [Decimal, Decimal, Decimal, int, int, Decimal, int]


def test_1e308_comes_through_so_that_the_case_can_name_its_key() -> None:
    assert read_json("1e308", "case.json") == Decimal("1e308")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1,\n "b": ', 2, 7),  # truncated: column after the blank that follows the colon
        ('{"a": 1,\n\n "b', 3, 2),
        ("{", 1, 2),
        ("[1, 2", 1, 6),
        ("{'a': 1}", 1, 2),
        ('{"a": 1,}', 1, 9),
        ("{} {}", 1, 4),
        ("é", 1, 1),
        ('{"a": "\n"}', 1, 8),
        ("", 1, 1),
        ("]" * 100_000, 1, 1),
        ("01", 1, 2),
        ("\x00", 1, 1),
    ],
    ids=short,
)
def test_what_is_not_json_names_line_and_column(text: str, line: int, column: int) -> None:
    says = str(refused(text))
    assert "This is not JSON: " in says
    if text == '{"a": 1,}':  # Python 3.13 points at the comma, 3.11 at the brace behind it
        assert f"line {line}, column {column}." in says or f"line {line}, column {column - 1}." in says
    else:
        assert says.endswith(f" in line {line}, column {column}.")


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "c": 2, "a": 3}}]', '{"a": 1, "\\u0061": 2}'])
def test_a_key_that_stands_twice_is_refused_also_when_escaped_or_equal(text: str) -> None:
    assert str(refused(text)) == "case.json: Key 'a' stands twice in one object. Keep the right one."


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(constant: str) -> None:
    error = refused(f'{{"a": [{constant}]}}')
    assert f"'{constant}' is not a number" in str(error)
    assert error.value == constant


@pytest.mark.parametrize(
    "number",
    ["9" * 1_000_000, "-" + "9" * 41, "0." + "1" * 1_000_000, "1e401", "-1e-401", "1e99999999999999999999",
     "0e99999999999999999999", "1e" + "9" * 1_000_000],
    ids=short,
)  # fmt: skip
def test_numbers_of_a_million_digits_or_beyond_every_scale_are_refused(number: str) -> None:
    error = refused(f"[{number}]")
    assert "is not a number that can be used" in str(error)
    assert len(str(error)) < 200


def test_forty_levels_are_read_and_forty_one_are_not() -> None:
    for opens, closes in [("[", "]"), ('{"a":', "}")]:
        assert read_json(opens * 40 + "1" + closes * 40, "case.json") is not None
        assert "nested more than 40 levels" in str(refused(opens * 41 + "1" + closes * 41))


@pytest.mark.parametrize(
    "bomb", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000, '[{"a":' * 50_000], ids=short
)
def test_a_bomb_of_brackets_is_defused(bomb: str) -> None:
    assert "nested more than 40 levels" in str(refused(bomb))


def test_brackets_in_a_string_are_no_nesting() -> None:
    assert read_json(json.dumps("[" * 100_000 + '"\\{'), "case.json") == "[" * 100_000 + '"\\{'


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 1_000_000, '"' * 999_999, '"' + "\\" * 999_999, '"' + "x" * 1_000_000], ids=short
)
def test_quotes_that_never_close_are_refused(text: str) -> None:
    assert "This is not JSON" in str(refused(text))


@pytest.mark.parametrize("text", [r'"\ud800"', r'[{"a\udfff": 1}]', r'"\udc00\ud800"', r'"\\\uD800"'])
def test_half_a_character_is_refused(text: str) -> None:
    assert "without its partner is no character" in str(refused(text))


def test_a_whole_character_in_two_escapes_is_read() -> None:
    assert read_json(r'["\ud83d\ude00", "\\ud800", "\u00e9", 0.5]', "case.json") == [
        "😀",
        r"\ud800",
        "é",
        Decimal("0.5"),
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(deadline=None)
@given(json_values, st.booleans())
def test_whatever_json_holds_comes_back(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only), "case.json") == value


@settings(deadline=None)
@given(st.text() | st.text(alphabet='[]{}",:\\ue0-19.NaInfity tr'))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        read_json(text, "case.json")
    except FileError as problem:
        assert str(problem).isprintable()


# --- TOML ------------------------------------------------------------------------------------------------------------

DOCUMENT = '''\
title = "x" # [comment]

[a.b] # a head
c = 1
d.e . f = 2
"q u.o" = 3
'si.ng' = 4
"\\u00e9\\"]=" = 5
[[rule]]
id = "1"
[rule.limit]
k = 1
[[rule]]
id = "2"
[[rule.sub]]
z = 1
  [[ rule . "sub" ]]
  z = 2
[rule.sub.deep]
y = 1
["has]bracket".'a=b']
list = [
  ["one"],
  [1] # ]
  , [{k = "]"}],
  [ [ "fake" ] ]
]
multi = """
fake = 1
[fake]
don't [ { \\"""
""""
raw = \'\'\'
[[rule]]
fake = 1\'\'\'
inline = {x = 1, y = {z = "}"}}
odd = "\u2028\u0085" # \u2028 these two end a line for Python, not for TOML
# [[rule]] don't
empty = ""
after = 1
'''


@pytest.fixture(scope="module", params=["\n", "\r\n"], ids=["LF", "CRLF"])
def document(request: pytest.FixtureRequest) -> Toml:
    return read_toml(DOCUMENT.replace("\n", request.param).encode(), "drug.toml")


HERE = ("has]bracket", "a=b")


@pytest.mark.parametrize(
    ("path", "line", "written"),
    [
        (("title",), 1, "title"),
        (("a",), 3, "a"),
        (("a", "b"), 3, "a.b"),
        (("a", "b", "c"), 4, "a.b.c"),
        (("a", "b", "d"), 5, "a.b.d"),
        (("a", "b", "d", "e", "f"), 5, "a.b.d.e.f"),
        (("a", "b", "q u.o"), 6, "a.b.q u.o"),
        (("a", "b", "si.ng"), 7, "a.b.si.ng"),
        (("a", "b", 'é"]='), 8, 'a.b.é"]='),
        (("rule",), 9, "rule"),
        (("rule", 0), 9, "rule[0]"),
        (("rule", 0, "id"), 10, "rule[0].id"),
        (("rule", 0, "limit"), 11, "rule[0].limit"),
        (("rule", 0, "limit", "k"), 12, "rule[0].limit.k"),
        (("rule", 1), 13, "rule[1]"),
        (("rule", 1, "id"), 14, "rule[1].id"),
        (("rule", 1, "sub", 0, "z"), 16, "rule[1].sub[0].z"),
        (("rule", 1, "sub", 1), 17, "rule[1].sub[1]"),
        (("rule", 1, "sub", 1, "z"), 18, "rule[1].sub[1].z"),
        (("rule", 1, "sub", 1, "deep"), 19, "rule[1].sub[1].deep"),
        (("rule", 1, "sub", 1, "deep", "y"), 20, "rule[1].sub[1].deep.y"),
        (HERE, 21, "has]bracket.a=b"),
        ((*HERE, "list"), 22, "has]bracket.a=b.list"),
        ((*HERE, "multi"), 28, "has]bracket.a=b.multi"),
        ((*HERE, "raw"), 33, "has]bracket.a=b.raw"),
        ((*HERE, "inline"), 36, "has]bracket.a=b.inline"),
        ((*HERE, "odd"), 37, "has]bracket.a=b.odd"),
        ((*HERE, "empty"), 39, "has]bracket.a=b.empty"),
        ((*HERE, "after"), 40, "has]bracket.a=b.after"),
        # What has no line of its own takes that of the nearest key above.
        ((*HERE, "list", 2, 0, "k"), 22, "has]bracket.a=b.list[2][0].k"),
        ((*HERE, "inline", "y", "z"), 36, "has]bracket.a=b.inline.y.z"),
        (("rule", 0, "advice"), 9, "rule[0].advice"),
        (("rule", 7, "id"), 9, "rule[7].id"),
        (("a", "b", "nothing"), 3, "a.b.nothing"),
    ],
)
def test_every_key_knows_its_line(document: Toml, path: tuple[str | int, ...], line: int, written: str) -> None:
    assert document.where(path) == f"drug.toml, line {line}: {written}"


def test_a_key_without_any_line_is_named_with_the_file(document: Toml) -> None:
    assert document.where(("nothing", "here")) == "drug.toml: nothing.here"
    assert document.where(()) == "drug.toml"


def test_strings_lists_and_comments_hide_no_key_and_feign_none(document: Toml) -> None:
    def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return {path}.union(*(paths(item, (*path, part)) for part, item in parts))

    assert set(document.lines) < paths(document.content)


def test_a_document_knows_its_content_and_cannot_be_exchanged(document: Toml) -> None:
    assert document.content["rule"][1]["sub"][1] == {"z": 2, "deep": {"y": 1}}
    with pytest.raises(dataclasses.FrozenInstanceError):
        document.name = "other.toml"  # type: ignore[misc]


def test_paths_are_written_as_people_write_them() -> None:
    assert dotted(("rule", 3, "limit", "potassium")) == "rule[3].limit.potassium"
    assert dotted(()) == ""
    assert dotted((0, 1)) == "[0][1]"
    assert dotted(("\x1b" + "k" * 10_000, "a")) == r"\x1b" + "k" * 73 + "....a"


def test_decimals_stay_decimals() -> None:
    content = read_toml(b"a = 0.375\nb = 1_000.50\nc = 7", "drug.toml").content
    assert [str(content[key]) for key in "abc"] == ["0.375", "1000.50", "7"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\na = 2", 2),
        ("a = 1\na = 2\nb = 3", 2),
        ("[t]\na = 1\n[t]\n", 3),
        ("[t]\nk = {a = 1, a = 2}", 2),
        ("a.b = 1\na = 2", 2),
        ("a = 1\nb = ", 2),
        ("a = 1\nb = 1 c", 2),
        ("a = 1\n\n[", 3),
        ("\n\nthis is prose\n", 3),
        ('a = "never closed', 1),
        ("a = '\x00'", 1),
        ("a = 2026-13-45", 1),
    ],
)
def test_what_is_not_toml_names_the_line(text: str, line: int) -> None:
    says = str(refused_toml(text))
    assert "This is not TOML: " in says
    assert f"line {line}, column" in says


@pytest.mark.parametrize(
    "number", ["nan", "+inf", "-inf", "1e401", "1e99999999999999999999", "0." + "9" * 1_000_000], ids=short
)
def test_numbers_that_nobody_can_use_are_refused(number: str) -> None:
    assert "is not a number that can be used" in str(refused_toml(f"a = {number}"))


@pytest.mark.parametrize("number", ["9" * 1_000_000, "1" * 41, "0x" + "f" * 100_000, "0b" + "1" * 200], ids=short)
def test_whole_numbers_of_too_many_digits_are_refused(number: str) -> None:
    assert "too many digits" in str(refused_toml(f"a = {number}"))


def test_a_whole_number_too_long_names_its_key() -> None:
    assert refused_toml("[t]\na = [1, 0x" + "f" * 100 + "]").where == "drug.toml: t.a[1]"


def test_truth_is_no_number_here() -> None:
    assert read_toml(b"a = true", "drug.toml").content == {"a": True}


def test_forty_levels_of_toml_are_read_and_forty_one_are_not() -> None:
    assert read_toml(b"a = " + b"[" * 39 + b"]" * 39, "drug.toml").content
    assert "nested more than 40 levels" in str(refused_toml("a = " + "[" * 40 + "]" * 40))
    assert read_toml(b"a" + b".a" * 39 + b" = 1", "drug.toml").content
    assert "nested more than 40 levels" in str(refused_toml("a" + ".a" * 40 + " = 1"))


@pytest.mark.parametrize(
    "bomb",
    [
        "a = " + "[" * 100_000,
        "a = " + "{b = " * 100_000,
        "a" + ".a" * 1_000_000 + " = 1",
        "[" + "a . " * 1_000_000 + "a]",
        '"a"' + ".'a'" * 1_000_000 + " = 1",
        "x = {" + "a." * 500_000 + "a = 1}",
    ],
    ids=["lists", "inline tables", "dotted key", "table head", "quoted key", "key of an inline table"],
)
def test_a_bomb_of_levels_is_defused(bomb: str) -> None:
    assert "nested more than 40 levels" in str(refused_toml(bomb))


@pytest.mark.parametrize(
    "text", ["a" * 2_000_000, "a." * 20 + " " * 2_000_000, '"a' * 500_000, '"a".' * 39 + "x" * 999_999], ids=short
)
def test_long_keys_and_blanks_are_refused_all_the_same(text: str) -> None:
    assert "This is not TOML" in str(refused_toml(text))


def test_toml_that_is_empty_or_not_utf8_is_refused() -> None:
    assert "is empty" in str(refused_toml(b"\n"))
    assert "byte 6 in line 2" in str(refused_toml(b"a = 1\n\xff = 2"))


@settings(deadline=None)
@given(st.binary() | st.text(alphabet="[]{}=.,\"'#\\ \nab0-1e_:TZ").map(str.encode))
def test_any_bytes_are_read_or_refused_in_one_line_and_lines_can_be_asked(content: bytes) -> None:
    try:
        found = read_toml(content, "drug.toml")
    except FileError as problem:
        assert str(problem).isprintable()
    else:
        assert {path[0] for path in found.lines} == set(found.content)
