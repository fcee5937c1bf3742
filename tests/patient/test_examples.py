"""The shipped examples, by name."""

from __future__ import annotations

import pytest

from inotrope.errors import FileError
from inotrope.patient import read_case
from inotrope.patient.examples import examples, read_example


def test_every_shipped_example_is_a_case() -> None:
    assert "sound-adult" in examples()
    for name in examples():
        assert read_case(read_example(name).encode(), name=name).drug == "milrinone"


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(FileError, match=r"'sound-adlut' is no shipped example.*sound-adult"):
        read_example("sound-adlut")
