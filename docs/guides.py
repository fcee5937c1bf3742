"""The guides to adding a model and a drug: their blocks, run and filled in.

In a guide a block that opens with `$ ` shows commands and what they print. They run in an empty folder into which the
example models are copied. Lines above a block: `<!-- file: NAME -->` writes it into that folder, `<!-- example: NAME
-->` fills it from an example, `<!-- shown: NAME, ... -->` keeps only those parts of a page. `<!-- slips: model
-->` or `drug` stands above a table of slips.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from inotrope.cli.main import main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "models"
GUIDES = ("docs/adding_a_model.md", "docs/adding_a_drug.md")
BLOCK = re.compile(r"(?P<notes>(?:<!-- [^\n]* -->\n)*)```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
SLIPS_TABLE = re.compile(r"(?P<mark><!-- slips: (?P<what>\w+) -->\n)(?:\|[^\n]*\n)*")
TEACHING = "teaching_two_compartment.toml"
MODEL_SLIPS = (
    ('value = "4 L/h"', 'value = "4"'),
    ('value = "4 L/h"', 'value = "4 L"'),
    ('value = "4 L/h"', "value = 4"),
    ('value = "4 L/h"', 'value = "4000 L/h"'),
    ('value = "0.5 L/kg"', 'value = "0.5 L"'),
    ('[[parameters.v2.by]]\nform = "per_kg"\nof = "weight"', ""),
    ('exponent = { value = "1"', "exponent = { value = 1"),
    ('"invented:70 kg and 100 mL/min"', '"invented"'),
    ('"invented:70 kg and 100 mL/min"', '"paper:table 2"'),
    ("[parameters.q2]", "[parameters.q]"),
    ('form = "allometry"', 'form = "alometry"'),
    ('of = "own creatinine clearance"\nnonrenal', 'of = "creatinine clearance"\nnonrenal'),
    ("held_at = {", "held = {"),
    ('"own creatinine clearance" = { unit = "mL/min"', '"own creatinine clearance" = { unit = "mL/min/1.73 m2"'),
    ('over_time = "linear"', 'over_time = "carried forward"'),
    ('weight = { unit = "kg"', 'height = { unit = "cm", over_time = "linear" }\nweight = { unit = "kg"'),
    ('structure = "two compartments"', 'structure = "three compartments"'),
    ('structure = "two compartments"', 'structure = "one compartment"'),
    ('lowest = { value = "18 year"', 'lowest = { value = "95 year"'),
    ('{ cv = { value = "20 %"', '{ cv = { value = "20"'),
    ('value = { value = "0.5", source = "invented:spread"', 'value = { value = "1.5", source = "invented:spread"'),
    ('a = { value = "1 mg/L"', 'a = { value = "1 mg"'),
    ('amount = "mg"', 'amount = "mg/L"'),
    ('title = "Teaching model', 'titel = "Teaching model'),
    ('drug = "exampline"', "drug = exampline"),
)
"""What the example has, and a slip in its place."""
DRUG_SLIPS = (
    ("sources.toml", 'grade = "judgement"', 'grade = "D"'),
    ("drug.toml", 'name = "sterile water"', 'name = "steril water"'),
    ("drug.toml", 'class_ = "fluid"', 'class_ = "inotrope"'),
    ("drug.toml", 'value = "100 mL"', 'value = "100"'),
    ("dosing.toml", 'drug = "sterile water"', 'drug = "milrinone"'),
    ("dosing.toml", 'value = "2 mcg/kg/min"', 'value = "0.5 mcg/kg/min"'),
    ("dosing.toml", 'value = "2 mcg/kg/min"', 'value = "2 mg/h"'),
    ("dosing.toml", '"invented:the lowest rate"', '"label:page 3"'),
    ("dosing.toml", "[entry.storage]", "[entry.storing]"),
    ("safety.toml", 'allergy = "sterile water"', 'allergie = "sterile water"'),
    ("safety.toml", 'severity = "stop"', 'severity = "warn"'),
    ("safety.toml", 'mechanism = "allergy"\n', ""),
    ("cases.toml", 'pump_rate = "4.2 mL/h"', 'pump_rate = "42 mL/h"'),
    ("cases.toml", 'rule = "allergy"', 'rule = "alergy"'),
)
"""The file of the least folder, what it has, and a slip in its place."""


def guide(path: str) -> str:
    """Return a guide with every block filled in as the program answers today."""
    text = (ROOT / path).read_text(encoding="utf-8")
    with _folder() as folder:
        text = BLOCK.sub(lambda match: _filled(match, folder), text)
        return SLIPS_TABLE.sub(lambda match: match["mark"] + slips_table(match["what"]), text)


def slips_table(what: str) -> str:
    """Return one line for each slip: what stands in the file, and what the check says first.

    Args:
        what: Of a `model` file, or of the `drug` folder that the blocks of the guide have written.
    """
    rows = [_of_model(*slip) for slip in MODEL_SLIPS] if what == "model" else [_of_drug(*slip) for slip in DRUG_SLIPS]
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"| in place of | there stands | it reads |\n|---|---|---|\n{lines}"


def _of_model(right: str, wrong: str) -> tuple[str, ...]:
    sound = (EXAMPLES / TEACHING).read_text(encoding="utf-8")
    assert right in sound, right
    path = Path("slip.toml")
    path.write_text(sound.replace(right, wrong, 1), encoding="utf-8")
    told = run(["inotrope", "model", "check", path.name])
    return _cell(right), _cell(wrong), _first(told)


def _of_drug(file: str, right: str, wrong: str) -> tuple[str, ...]:
    path = next(Path().glob(f"*/{file}"))
    sound = path.read_text(encoding="utf-8")
    assert right in sound, right
    path.write_text(sound.replace(right, wrong, 1), encoding="utf-8")
    told = run(["inotrope", "drug", "check", f"./{path.parent}"])
    path.write_text(sound, encoding="utf-8")
    return f"{file}: {_cell(right)}", _cell(wrong), _first(told)


def _first(told: str) -> str:
    return told.splitlines()[0].removeprefix("inotrope: ").replace("|", "\\|")


def run(words: list[str]) -> str:
    """Run a command of a guide in the current folder, and return all that it prints."""
    if words[0] == "head":
        many, path = int(words[1].removeprefix("-")), Path(words[2])
        return "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:many])
    assert words[0] == "inotrope", words
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        main(words[1:])
    return told.getvalue()


def _filled(match: re.Match[str], folder: Path) -> str:
    notes, kind, body = match["notes"], match["kind"], match["body"]
    named = dict(re.findall(r"<!-- (\w+): (.*?) -->", notes))
    if "example" in named:
        body = (EXAMPLES / named["example"]).read_text(encoding="utf-8")
    if "file" in named:
        path = folder / named["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    if body.startswith("$ "):
        commands = re.findall(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n", body, flags=re.MULTILINE)
        body = "".join(f"$ {command}\n{_shown(command, named.get('shown', ''))}" for command in commands)
    return f"{notes}```{kind}\n{body}```\n"


def _shown(command: str, parts: str) -> str:
    printed = run(shlex.split(command.replace("\\\n", " ")))
    if not parts or command.startswith("head"):
        return printed
    wanted = [name.strip() for name in parts.split(",")]
    whole = re.split(r"^(?=(?:--|==) )|^={80}\n", printed, flags=re.MULTILINE)
    kept = [part.rstrip() for part in whole if any(part[3:].startswith(name) for name in wanted)]
    assert len(kept) == len(wanted), (command, parts, printed)
    return "\n\n".join(kept) + "\n"


def _cell(part: str) -> str:
    return "<br>".join(f"`{line}`" for line in part.splitlines()) or "(left out)"


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Yield an empty folder with the example models, as the current one; the lines of a page are 80 wide there."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        for path in EXAMPLES.iterdir():
            shutil.copy(path, name)
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)
