"""The label's table beside the members, as a table, a figure, an example, and the command that validates."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from inotrope.display.circulation_figures import label_svg
from inotrope.errors import RequestError
from inotrope.plan.circulation.label import LabelRow, label_table

ROOT = Path(__file__).parents[3]
# facts/circulation.md, 3.2: what P2 gives, in percent, and what the label prints.
P2 = ((25.5, -20.6, -16.5, -2.4), (32.9, -26.0, -23.9, -6.6), (45.4, -35.1, -36.0, -15.1))
PRINTED = ((25, -20, -17, (-5, 0)), (38, -23, -21, (-5, 0)), (42, -36, -37, -17))


def test_the_table_is_that_of_the_label_and_the_members_are_those_of_the_facts() -> None:
    table = label_table()
    assert table.members == ("P2", "P1", "P3") and table.default == "P2"
    assert [row.what for row in table.rows] == ["CI", "PCWP", "SVR", "MAP"] * 3
    flat = [number for three in PRINTED for number in three]
    for row, printed in zip(table.rows, flat, strict=True):
        assert (row.low, row.high) == (printed if isinstance(printed, tuple) else (printed, printed))
    found = [row.by["P2"] for row in table.rows]
    np.testing.assert_allclose(found, [number for three in P2 for number in three], atol=0.16)
    apart = np.array([row.miss("P2") for row in table.rows])
    assert np.abs(apart).max() < 6 and np.sqrt((apart**2).mean()) < 3.5 and -19 < found[-1] < -12


def test_a_miss_is_counted_from_the_nearer_end() -> None:
    row = LabelRow("0.5 mcg/kg/min", 217.0, "MAP", -5.0, 0.0, {"low": -7.0, "in": -2.0, "high": 1.5})
    assert [row.miss(name) for name in row.by] == [-2.0, 0.0, 1.5]


def test_a_drug_without_a_response_has_no_table() -> None:
    with pytest.raises(RequestError):
        label_table("dobutamine")


def test_the_figure_has_every_number_of_the_label() -> None:
    root = ElementTree.fromstring(label_svg(label_table()))
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}svg")) == 4 and len(list(root.iter(f"{name}circle"))) == 12 + 4
    words = " ".join(text for text in root.itertext())
    assert "recalled, not read" in words and "does not tell how forceful" in words


def test_the_example_prints_the_table_and_draws_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = tmp_path / "table.svg"
    monkeypatch.setattr(sys, "argv", ["label_table.py", str(drawn)])
    runpy.run_path(str(ROOT / "examples" / "label_table.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert "0.5 mcg/kg/min    CI" in told and "selects no rate" in told and drawn.exists()


def test_validation_prints_the_label_and_every_study_with_its_miss(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = runpy.run_path(str(ROOT / "validation" / "circulation.py"))
    monkeypatch.setitem(module["changes"].__globals__, "steepest", lambda members, _: [float("nan")] * 3)
    assert module["main"]() == 0
    told = capsys.readouterr().out
    for name in ("Jaski 1985", "Lowes", "Kikura 1997", "Anderson 1991", "Bailey 1994"):
        assert name in told
    assert "Accepted of P2" in told and told.count("Largest miss: ") == 4 and "selects no rate" in told
    # facts/circulation.md, 3.5: MAP at 427 ng/mL -13 observed, P2 -20.
    assert "P2 -20 (-7)" in told and "needs Numba" in told


def test_validation_ends_with_1_where_the_default_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    module = runpy.run_path(str(ROOT / "validation" / "circulation.py"))
    monkeypatch.setitem(module["print_label"].__globals__, "BELOW_RMS", 1.0)
    assert module["print_label"]() is False
