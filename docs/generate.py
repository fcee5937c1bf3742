"""Writes the generated documents, or checks that they are current: `python docs/generate.py [--check]`.

Generated: SAFETY.md (from docs/hazards.toml and the marks of the tests), docs/rules.md and docs/entries.md (from the
drug folders), docs/calibration.md (from the figures in docs/calibration.json), docs/page.md (from docs/page.toml, whose
rows must cover the drug page and name their tests), the JSON Schemas in docs/schemas/, the plans that README.md shows
(as the program draws them today), and what the commands of the guides print (guides.py).
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from calibration_page import calibration_page
from guides import GUIDES, guide
from page_table import page_table

from inotrope.display import plan_sheet, to_text
from inotrope.display.entry_sheet import who
from inotrope.drug import Rule, list_drugs, load_drug
from inotrope.findings import Overridden
from inotrope.patient import read_case
from inotrope.plan import NOTICE, make_plan
from inotrope.plan.authorities import on_whose_label
from inotrope.plan.published import SCHEMAS, published_schema

ROOT = Path(__file__).parents[1]
OPENS, CLOSES = "$ inotrope plan sound-adult", "```\n\n## Try it"
KEYS, GIVES, ENDS = "`child-after-surgery`, 4 kg, these\n\n```json\n", "$ inotrope plan child.json\n", "```\n"
"""In README.md: after what the keys of a syringe, a pump and a line stand, where what they give opens, and its end."""
SHOWN = ("Before you start", "Preparation")
"""The sections of that plan which README.md shows."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the generated documents.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when one is not current")
    check = parser.parse_args().check
    stale = []
    for path, text in documents().items():
        target = ROOT / path
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    if stale:
        print("Not current:" if check else "Written:", ", ".join(stale), "" if not check else "- run 'make generate'")
    return 1 if check and stale else 0


def documents() -> dict[str, str]:
    return {
        "README.md": readme(),
        "SAFETY.md": safety(),
        "docs/calibration.md": calibration_page(),
        "docs/entries.md": entries(),
        "docs/page.md": page_table(),
        **{path: guide(path) for path in GUIDES},
        "docs/rules.md": rules(),
        **{f"docs/schemas/{name}.schema.json": schema(published_schema(name)) for name in SCHEMAS},
    }


def readme() -> str:
    """Return README.md with the example's plan as the program draws it, up to what to watch, and with the syringe's."""
    text = with_syringe((ROOT / "README.md").read_text(encoding="utf-8"))
    before, rest = text.split(OPENS, 1)
    _, after = rest.split(CLOSES, 1)
    plan = make_plan(read_case(ROOT / "inotrope/library/cases/sound-adult.json"))
    drawn = to_text(plan_sheet(plan, brief=True))
    shown = drawn.split("-- Monitoring", 1)[0].rstrip()
    more = (
        "(and so on: what to watch, the arithmetic line by line, versions, the notice; --full adds what others say,\n"
        "side effects and sources)"
    )
    return f"{before}{OPENS}\n{shown}\n\n{more}\n{CLOSES}{after}"


def with_syringe(text: str) -> str:
    """Return the text of README.md with what its keys of a syringe, a pump and a line change in the child's plan."""
    keys = text.split(KEYS, 1)[1].split(ENDS, 1)[0]
    before, rest = text.split(GIVES, 1)
    case = json.loads((ROOT / "inotrope/library/cases/child-after-surgery.json").read_text(encoding="utf-8"))
    drawn = to_text(plan_sheet(make_plan(read_case({**case, **json.loads(f"{{{keys}}}")})), brief=True))
    head, *parts = re.split(r"\n(?=(?:--|==) )", drawn)
    kept = [part.rstrip() for part in parts if part[3:].startswith(SHOWN)]
    return f"{before}{GIVES}{head.rstrip()}\n\n" + "\n\n".join(kept) + f"\n{ENDS}{rest.split(ENDS, 1)[1]}"


def entries() -> str:
    """Return every dosing entry of every drug folder: the use as a case writes it, for whom, whose dose, and its id."""
    lines = [
        "# Which uses have a dose",
        "",
        "Written from the drug folders by `python docs/generate.py`; do not edit. A case writes the use under",
        "`indication`; any of the names serves. Of several lines for one patient the first is taken, unless the case",
        "names the `authority`. `inotrope dose --entry` takes the id.",
    ]
    for name in list_drugs():
        lines += ["", f"## {name}", "", "| use | for | whose dose | on a label | id |", "|---|---|---|---|---|"]
        for entry in load_drug(name).entries:
            use = "; ".join((entry.indication, *entry.synonyms))
            label = on_whose_label(entry.authority) if entry.on_label else "no"
            lines.append(f"| {use} | {who(entry)} | {entry.authority} | {label} | `{entry.id}` |")
    return "\n".join(lines) + "\n"


def schema(content: dict[str, object]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def safety() -> str:
    hazards = tomllib.loads((ROOT / "docs/hazards.toml").read_text(encoding="utf-8"))["hazard"]
    tests = marked_tests()
    known = {hazard["id"] for hazard in hazards}
    without = sorted(known - set(tests))
    unknown = sorted(set(tests) - known)
    if without or unknown:
        sys.exit(f"Hazards without a test: {without}. Marks that name no hazard: {unknown}.")
    rows = ["| hazard | harm | cause | control | tests | what is left |", "|---|---|---|---|---|---|"]
    for hazard in hazards:
        names = "<br>".join(f"`{name}`" for name in tests[hazard["id"]])
        rows.append(
            f"| {hazard['id']} | {hazard['harm']} | {hazard['cause']} | {hazard['control']} | {names} | "
            f"{hazard['residual']} |"
        )
    return (
        (ROOT / "docs/safety.template.md")
        .read_text(encoding="utf-8")
        .format(
            count_hazards=len(hazards),
            count_tests=len({name for names in tests.values() for name in names}),
            table="\n".join(rows),
        )
    )


def marked_tests() -> dict[str, list[str]]:
    """Return the tests by the hazard they stand against, read from the text of the tests."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for hazard, name in marks(ast.parse(path.read_text(encoding="utf-8"))):
            where = path.relative_to(ROOT / "tests").as_posix()
            found.setdefault(hazard, []).append(f"{where}::{name}")
    return found


def marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.hazard":
                    for argument in decorator.args:
                        yield ast.literal_eval(argument), node.name


def rules() -> str:
    parts = [
        "# The safety rules, for reading",
        "",
        "Generated from the drug folders; the rules themselves are data (`safety.toml` and `safety/` in "
        "`inotrope/library/<drug>/`). "
        "A rule that is *unknown* is asked, never passed over.",
        "",
        f"> {NOTICE}",
    ]
    for name in list_drugs():
        drug = load_drug(name)
        parts += ["", f"## {name}: {len(drug.rules)} rules", ""]
        parts += ["| rule | severity | what it does | override | what it says | how sure | sources |"]
        parts += ["|---|---|---|---|---|---|---|"]
        parts += [row(rule) for rule in drug.rules]
    return "\n".join(parts) + "\n"


def row(rule: Rule) -> str:
    sources = "; ".join(f"{source.title} ({source.place})" for source in rule.sources)
    held = ", then no load and no step upward" if rule.overridden is Overridden.NO_LOAD else ""
    override = f"with a reason{held}" if rule.override else "no"
    says = " ".join(f"{rule.says} {rule.advice}".split())
    cells = (rule.id, rule.severity.value, rule.effect.value, override, says, rule.status.value, sources)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
