"""`inotrope fit`: a case with levels in, a page or JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from inotrope.plan import NOTICE
from tests.estimation.models import write_model

from .conftest import CASES, ROOT, Run


def case(tmp_path: Path, **changes: Any) -> str:
    document = json.loads((CASES / "measured-level.json").read_text(encoding="utf-8")) | changes
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_the_shipped_level_is_fitted(run: Run) -> None:
    ended = run("fit", "measured-level")
    assert ended.code == 0
    for text in (
        "[+] FITTED",
        "412 ng/mL",
        "All models together",
        "label_adult",
        "walk through the creatinines",
        "half",
    ):
        assert text in ended.out
    assert "o" in ended.out.partition("400 ng/mL |")[2].partition("\n")[0]  # the level stands in the chart
    assert max(map(len, ended.out.splitlines())) <= 80
    assert " ".join(NOTICE.split()) in " ".join(ended.out.split())


def test_without_a_level_it_says_that_there_is_nothing_to_fit(run: Run) -> None:
    ended = run("fit", "running-since-yesterday")
    assert ended.code == 0
    assert "[?] NOTHING TO FIT" in ended.out and "Models are not averaged" in ended.out
    assert "Left open" not in ended.out and "Not weighed" not in ended.out
    assert ended.out.index("By label_adult") < ended.out.index("By after_surgery_1998")  # which extrapolates


def test_a_level_that_cannot_be_is_refused(run: Run, tmp_path: Path) -> None:
    document = json.loads((CASES / "measured-level.json").read_text(encoding="utf-8"))
    for item in document["measurements"]:
        if item["what"] == "concentration":
            item["value"] = "0.412 ng/mL"
    ended = run("fit", case(tmp_path, measurements=document["measurements"]))
    assert ended.code == 4
    assert "[-] REFUSED" in ended.out and "mg/L" in ended.out


def test_json_and_a_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "fit.html"
    ended = run("fit", "measured-level", "--json", "--html", str(page))
    assert ended.code == 0
    assert ended.json["status"] == "fitted" and ended.json["notice"] == NOTICE
    assert ended.json["levels"][0]["value"] == {"value": 412.0, "unit": "ng/mL"}
    written = page.read_text(encoding="utf-8")
    assert "<svg" in written and "circle" in written and "stroke-dasharray" in written
    again = run("fit", "measured-level", "--html", str(page))
    assert again.code == 2 and again.is_one_line() and "add --overwrite" in again.err
    assert page.read_text(encoding="utf-8") == written
    assert "Page written: " in run("fit", "measured-level", "--html", str(page), "--overwrite").out
    assert run("fit", case(tmp_path), "--html", str(tmp_path / "case.json")).code == 2


def test_a_model_that_is_named_stands_alone(run: Run, tmp_path: Path) -> None:
    ended = run("fit", "measured-level", "--model", "milrinone/label_adult", "--json")
    assert [item["model"] for item in ended.json["models"]] == ["milrinone/label_adult"]
    write_model(tmp_path)
    text = next(tmp_path.glob("*.toml")).read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace("testamine", "milrinone"), encoding="utf-8")
    both = run("fit", "measured-level", "--model", "milrinone/label_adult", "--model", str(own), "--json").json
    assert {item["model"] for item in both["models"]} == {"milrinone/label_adult", "own"}
    for words, says in (
        (["--model", "milrinone/label"], "is not a model"),
        (["--model", str(own), "--model", str(own)], "is named twice"),
        (["--model", str(tmp_path / "none.toml")], "none.toml"),
    ):
        wrong = run("fit", "measured-level", *words)
        assert wrong.code == 2 and wrong.is_one_line() and says in wrong.err


def test_an_assumed_kidney_and_a_site_stand_on_the_page(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[band]\nlow = "150 ng/mL"\n', encoding="utf-8")
    words = ["fit", "measured-level", "--assume-kidney", "30 mL/min/1.73 m2", "--site", str(site)]
    ended = run(*words)
    shown = " ".join(ended.out.split())
    assert ended.code == 0 and "[~] ASSUMED Kidney function is ASSUMED to be 30 mL/min/1.73 m2." in shown
    assert "the ends of this site's band, 150 ng/mL and 300 ng/mL" in shown and "site.toml" in shown
    told = run(*words, "--json").json
    assert told["assumptions"] and told["kidney"]["moving"] is False and told["versions"]["site"]
    assert told["models"][0]["etas"]["of"] == ["clearance", "volume"]


def test_it_waits_for_nothing_that_it_does_not_use() -> None:
    program = (
        "import sys, io; from inotrope.cli.main import main; real, sys.stdout = sys.stdout, io.StringIO();"
        " main(['fit', 'measured-level']); sys.stdout = real; print(' '.join(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found = set(done.stdout.split())
    heavy = {
        "numba",
        "scipy",
        "pandas",
        "matplotlib",
        "polars",
        "pyarrow",
        "pint",
        "rich",
        "jinja2",
        "pydantic",
        "numpy.ma",
    }
    assert not {*heavy, "inotrope.plan.making", "inotrope.order", "inotrope.simulation"} & found


def test_the_curve_is_drawn_with_its_levels(run: Run, tmp_path: Path) -> None:
    figure, page = tmp_path / "levels.svg", tmp_path / "levels.html"
    only = ("--model", "milrinone/label_adult")
    ended = run("fit", "measured-level", *only, "--plot", str(figure))
    assert ended.code == 0, ended.err
    assert f"Drawn: {figure}" in ended.out
    root = ElementTree.fromstring(figure.read_text(encoding="utf-8"))
    words = " ".join(item.text or "" for item in root.iter("{http://www.w3.org/2000/svg}text"))
    for text in (
        "median of this patient's draws",
        "typical patient",
        "90 % of the draws",
        "studied range, 100 to 300 ng/mL",
        "measured, bar: one SD of a measurement",
        "600 ng/mL",
        "24 h",
    ):
        assert text in words
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 2  # the level, and the sample in the key
    drawn = figure.read_bytes()
    again = run("fit", "measured-level", *only, "--plot", str(figure))
    assert again.code == 2 and "--overwrite" in again.err and figure.read_bytes() == drawn
    ended = run("fit", "measured-level", *only, "--json", "--plot", str(page))
    assert ended.json["status"] == "fitted"
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_plot_goes_to_a_place_of_its_own(run: Run, tmp_path: Path) -> None:
    both = str(tmp_path / "both.html")
    for words in (("--plot", "levels.png"), ("--plot", both, "--html", both), ("--plot", "nowhere/levels.svg")):
        ended = run("fit", "measured-level", *words)
        assert ended.code == 2 and ended.out == "" and ended.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_where_no_model_answers_nothing_is_drawn(run: Run, tmp_path: Path) -> None:
    figure = tmp_path / "levels.svg"
    document = json.loads((CASES / "measured-level.json").read_text(encoding="utf-8"))
    for item in document["measurements"]:
        if item["what"] == "concentration":
            item["value"] = "0.412 ng/mL"
    ended = run("fit", case(tmp_path, measurements=document["measurements"]), "--plot", str(figure))
    assert ended.code == 4 and "Not drawn: no model answers." in ended.out and not figure.exists()
