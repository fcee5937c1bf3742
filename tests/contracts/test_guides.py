"""The guides to adding a model and a drug: each block is read or run; levels are held against hand-work."""

from __future__ import annotations

import inspect
import math
import re
from decimal import Decimal
from pathlib import Path

import pytest

from docs.guides import GUIDES, guide
from inotrope.cli.main import main
from inotrope.drug import load_drug
from inotrope.findings import Status
from inotrope.forecast import forecast
from inotrope.patient import read_case
from inotrope.plan import PlanStatus, make_plan
from inotrope.plan.decks import read_decks
from inotrope.population import (
    Answer,
    ExtracorporealClearance,
    ModelKind,
    OverTime,
    ResidualForm,
    Structure,
    check_model,
)
from inotrope.population.effects import FORMS, LEVEL_FORMS, Measures
from inotrope.population.model_files.reading import DIMENSIONS
from inotrope.population.typical import INTERNAL
from inotrope.units import Quantity

ROOT = Path(__file__).parents[2]
DRUG_GUIDE = (ROOT / "docs" / "adding_a_drug.md").read_text(encoding="utf-8")
MODEL_GUIDE = (ROOT / "docs" / "adding_a_model.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "examples" / "models" / "teaching_two_compartment.toml").read_text(encoding="utf-8")
COVARIATES = {
    "weight": 'unit = "kg"',
    "age": 'unit = "year"',
    "postnatal age": 'unit = "day"',
    "postmenstrual age": 'unit = "week"',
    "own creatinine clearance": 'unit = "mL/min"',
    "time since bypass": 'unit = "h"',
    "albumin": 'unit = "mg/mL"',
    "sex": 'values = ["male", "female"]',
}
FORM_BLOCKS = dict(re.findall(r"^### (\w+)\n.*?```toml\n(.*?)```", MODEL_GUIDE, flags=re.MULTILINE | re.DOTALL))
PARTS = re.findall(r"<!-- part: (\S+) -->\n```toml\n(.*?)```", MODEL_GUIDE, flags=re.DOTALL)


@pytest.mark.parametrize("path", GUIDES)
def test_a_guide_shows_what_the_program_says_today(path: str) -> None:
    assert guide(path) == (ROOT / path).read_text(encoding="utf-8"), "run 'make generate'"


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "tried.toml"
    path.write_text(text, encoding="utf-8")
    return [str(problem) for problem in check_model(path)]


def part_of(text: str, name: str) -> str:
    """Return one part of the example, from its bracket to the next remark of the first column."""
    found = re.search(rf"^\[\[?{re.escape(name)}\b.*?(?=^# \d|\Z|^\[parameters)", text, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[0]


def covariates(*read_by: str) -> str:
    rows = [name for name in COVARIATES if any(f'of = "{name}"' in text for text in read_by)]
    return "[covariates]\n" + "".join(
        f'"{name}" = {{ {COVARIATES[name]}, over_time = "last_carried_forward" }}\n' for name in dict.fromkeys(rows)
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_explained_with_its_numbers_and_a_block_that_is_read(form: str, tmp_path: Path) -> None:
    block = FORM_BLOCKS[form]
    assert f'form = "{form}"' in block
    assert [name for name in FORMS[form].numbers if f"\n{name} = " not in block] == []
    own = part_of(EXAMPLE, "parameters.clearance")
    typical = next(line for line in own.splitlines() if line.startswith("typical"))
    line = Measures.LIKE_PARAMETER in FORMS[form].numbers.values()
    whole = (
        "[parameters.clearance]\n" + ("" if line or "\ntypical = " in f"\n{block}" else f"{typical}\n") + f"{block}\n"
    )
    text = EXAMPLE.replace(own, whole)
    text = text.replace(part_of(EXAMPLE, "covariates"), covariates(text.replace(own, "")) + "\n")
    assert problems(tmp_path, text) == []


def test_no_form_is_explained_that_does_not_exist() -> None:
    assert set(FORM_BLOCKS) == set(FORMS)
    assert [form for form in LEVEL_FORMS if f'form = "{form}"' not in MODEL_GUIDE] == []


@pytest.mark.parametrize(("name", "block"), PARTS, ids=lambda value: value[:20])
def test_each_further_part_is_read(name: str, block: str, tmp_path: Path) -> None:
    if name == "level":
        head = EXAMPLE[: EXAMPLE.index("[[studied.within]]")]
        head = head.replace("time_course", "steady_state_only").replace("two compartments", "no compartments", 1)
        asked = covariates(block, 'of = "weight"')
        assert problems(tmp_path, f"{head}\n{asked}\n{block}") == []
        return
    text = EXAMPLE
    if name == "variability":
        text = text.replace(part_of(EXAMPLE, name), f"{block}\n")
    else:
        text += f"\n{block}" if name != "covariates" else ""
    if name == "covariates":
        text = text.replace(part_of(EXAMPLE, name), f"{block}\n")
        assert problems(tmp_path, text) == [
            f"tried.toml, line {1 + text[: text.index(f'{unread} = ')].count(chr(10))}: covariates.{unread}: Nothing "
            f"reads the covariate '{unread}'. Use it, or leave it out."
            for unread in ("sex", "albumin")
        ]
        return
    if name == "studied.within":
        words = (
            '"kidney replacement" = { values = ["present", "absent", "unknown"], over_time =\n"last_carried_forward" }'
        )
        assert words in MODEL_GUIDE
        text = text.replace("[covariates]\n", f"[covariates]\n{words.replace(chr(10), ' ')}\n")
    assert problems(tmp_path, text) == []


def test_every_word_of_a_closed_list_stands_in_the_guide() -> None:
    words = [item.value for kind in (ModelKind, Structure, OverTime, ResidualForm, Answer, Status) for item in kind]
    names = (*INTERNAL, *DIMENSIONS)
    lost = [word for word in words if f'"{word}"' not in MODEL_GUIDE and f"`{word}`" not in MODEL_GUIDE]
    lost += [name for name in names if name not in MODEL_GUIDE]
    assert lost == []


def after(time: float, hours: float, *, rate: float, body: tuple[float, float, float, float]) -> float:
    """Return the level of one infusion over `hours`, `time` after its start, from the roots of two compartments."""
    clearance, volume, exchange, second = body
    out, there, back = clearance / volume, exchange / volume, exchange / second
    total, product = out + there + back, out * back
    half = math.sqrt(total * total - 4 * product)
    level = 0.0
    for root, other in (((total + half) / 2, (total - half) / 2), ((total - half) / 2, (total + half) / 2)):
        share = (back - root) / (other - root) / volume
        run = min(time, hours)
        level += rate * share / root * (1 - math.exp(-root * run)) * math.exp(-root * (time - run))
    return level


def test_the_levels_shown_are_those_of_the_two_exponentials() -> None:
    """CL = 4 (1/4 + 3/4 CrCl/100), V = 20 wt/70, Q = 5, V2 = wt/2, as the example says."""
    body = (4.0, 20.0, 5.0, 35.0)
    peak, later, end = (
        sum(after(hour - start, 1, rate=1000, body=body) for start in range(0, 61, 12)) for hour in (61, 66, 72)
    )
    assert f"Highest  {peak:.4g} mg/L at 61 h, between the times asked for" in MODEL_GUIDE
    assert f"Lowest   {end:.4g} mg/L at 72 h, after it" in MODEL_GUIDE
    assert f"66 h  {later:.4g} mg/L" in MODEL_GUIDE
    first = after(12, 1, rate=1000, body=body)
    heavy = after(24, 1.5, rate=1000, body=(4.6, 30.0, 5.0, 52.5))
    assert f"  1   12 h  {first:.4g} mg/L" in MODEL_GUIDE
    assert f"  2   24 h  {heavy:.4g} mg/L" in MODEL_GUIDE


def least_folder(tmp_path: Path) -> Path:
    """Write the folder of the guide to adding a drug, from its own blocks."""
    blocks = re.findall(r"<!-- file: sterile_water/(\S+) -->\n```toml\n(.*?)```", DRUG_GUIDE, flags=re.DOTALL)
    folder = tmp_path / "sterile_water"
    folder.mkdir()
    for name, body in blocks:
        (folder / name).write_text(body, encoding="utf-8")
    return folder


def test_the_least_folder_is_sound_and_no_file_of_it_can_be_spared(tmp_path: Path) -> None:
    folder = least_folder(tmp_path)
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["cases.toml", "dosing.toml", "drug.toml", "safety.toml", "sources.toml"]
    assert main(["drug", "check", str(folder)]) == 0
    for name in files:
        kept = (folder / name).read_text(encoding="utf-8")
        (folder / name).unlink()
        assert main(["drug", "check", str(folder)]) == 3, name
        (folder / name).write_text(kept, encoding="utf-8")


def test_the_least_folder_plans_from_python_as_the_guide_says(tmp_path: Path) -> None:
    assert 'make_plan(case, drug=load_drug(Path("sterile_water")))' in DRUG_GUIDE
    drug = load_drug(least_folder(tmp_path))
    bases, _ = read_decks(drug)
    plan = make_plan(read_case(bases["sound"]), drug=drug)
    assert plan.status is PlanStatus.PLAN
    assert plan.maintenance is not None and plan.maintenance.pump_rate is not None
    # 1 mcg/kg/min x 70 kg x 60 min / 1000 mcg/mL
    assert str(plan.maintenance.pump_rate) == "4.2 mL/h"


def test_every_file_and_folder_of_the_library_stands_in_the_guide() -> None:
    folder = ROOT / "inotrope" / "library" / "milrinone"
    names = {path.name if path.is_file() else f"{path.name}/*.toml" for path in folder.iterdir()}
    assert [name for name in sorted(names) if f"`{name}`" not in DRUG_GUIDE] == []


def test_a_machine_is_entered_as_the_guide_says() -> None:
    machine = ExtracorporealClearance.entered(
        "CRRT", clearance=Quantity(Decimal(2), "L/h"), because="measured", start_h=0, end_h=24
    )
    assert machine.clearance_l_per_h == 2
    assert "machines" in inspect.signature(forecast).parameters
