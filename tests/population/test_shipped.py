"""Files that are found by name or by path, whatever their kind: names, sources, and how a first problem is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.drug.reading import Book, Section
from inotrope.errors import LibraryError, RequestError
from inotrope.files import read_bytes, read_toml
from inotrope.population.shipped import SOURCES, cited_sources, list_names, path_of, raise_first, sources_of

OWN = """
[source.a-study]
title = "A study"
where = "Journal 1:1"
grade = "A"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("two.toml", "one.toml", "three.txt"):
        (tmp_path / name).write_text(OWN, encoding="utf-8")
    return tmp_path


def test_by_name_or_by_path(folder: Path) -> None:
    assert list_names(folder) == ("one", "two")
    assert path_of("one", folder, kind="heart") == folder / "one.toml"
    assert path_of(Path("elsewhere.toml"), folder, kind="heart") == Path("elsewhere.toml")
    with pytest.raises(RequestError) as caught:
        path_of("onne", folder, kind="heart")
    assert "'onne' is not a heart of this program" in caught.value.says and "one" in caught.value.says
    assert caught.value.accepted == "one, two"


def test_a_file_may_cite_the_vocabulary_and_itself(folder: Path) -> None:
    with_own = Section(read_toml(read_bytes(folder / "one.toml"), "one.toml"), Book())
    (folder / "none.toml").write_text('title = "None of its own"', encoding="utf-8")
    without = Section(read_toml(read_bytes(folder / "none.toml"), "none.toml"), Book())
    shared = sources_of(SOURCES)
    assert shared and cited_sources(without) == shared
    assert cited_sources(with_own).keys() == {*shared, "a-study"}


def test_the_first_problem_is_told_with_the_count_of_the_others() -> None:
    book = Book()
    raise_first(book)
    for line, says in ((1, "It is wrong."), (2, "So is this."), (3, "And this.")):
        book.note(f"a.toml, line {line}: key", says)
    with pytest.raises(LibraryError, match=r"It is wrong\. 2 more in this file\.$") as caught:
        raise_first(book)
    assert caught.value.where == "a.toml, line 1: key"
    with pytest.raises(LibraryError, match=r"2 more in this file: see 'inotrope model check'\.$"):
        raise_first(book, see="inotrope model check")
