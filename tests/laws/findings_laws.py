"""Laws of the findings of one plan: every rule says what the second reading says, and every name is read or named."""

from __future__ import annotations

from collections import Counter
from typing import Any

from inotrope.plan import Plan
from tests.laws import second_look as look
from tests.laws.patients import Document
from tests.laws.second_reading import Reader


def check_rules(document: Document, plan: Plan) -> Counter[str]:
    """Every rule says what the second reading says; what is unknown is there as unknown and stands in the questions."""
    asks = {rule["id"] for rule in look.rules() if "asks" in rule}
    found = {finding.rule: finding for finding in plan.findings}
    asked = {rule: question for question in plan.missing for rule in question.rules}
    for rule_id, truth in Reader(document, plan).states().items():
        state = found[rule_id].state.value if rule_id in found else "silent"
        if truth is None:
            assert state == ("unknown" if rule_id in asks else "silent"), f"{rule_id} is {state}, expected unknown"
        else:
            expected = ("fires", "overridden") if truth else ("silent",)
            assert state in expected, f"{rule_id} is {state}, expected {expected[0]}"
        if state == "unknown":
            assert found[rule_id].asks and found[rule_id].needs, rule_id
            assert rule_id in asked and asked[rule_id].asks, rule_id
            assert set(found[rule_id].needs) <= {question.name for question in plan.missing}
    return Counter(finding.state.value for finding in plan.findings)


def check_names(document: Document, plan: Plan) -> None:
    """Whatever no rule reads is named: no medicine, machine, event or measurement falls silent."""
    read = _read_by_rules()
    said = {f.rule: f.says for f in plan.findings if f.state.value == "fires"}
    text = " ".join(said.values())
    unread = [item["what"] for item in document.get("events") or [] if item["what"] not in read["event"]]
    unread += [item["what"] for item in document.get("support") or [] if item["what"] not in read["support"]]
    unread += [
        item["what"]
        for item in document.get("measurements") or []
        if (item["what"], item.get("of")) not in read["measurement"] and item["what"] not in USED_BY_THE_KIDNEY
    ]
    for name in unread:
        assert name in said.get("not-judged", ""), name
    for name in document.get("medicines") or []:
        own = look.medicine(name)
        known = own in read["medicine"] or look.medicine_class(name) in read["medicine_class"] or own in read["line"]
        assert known or own == "milrinone" or name in said["not-checked"], name
    known_partners = {row["with"] for row in look.content("milrinone/drug.toml")["line"]} | read["line"] | {"milrinone"}
    for item in document.get("lines") or []:
        for name in item["with"]:
            assert look.medicine(name) in known_partners or name in text, name
    diluent = look.diluent(document)
    if diluent is not None and diluent not in ON_THE_LABEL:
        assert (document["preparation"]["diluent"] in text) or diluent == "sodium bicarbonate"
        assert diluent != "sodium bicarbonate" or "bicarbonate-diluent-or-line" in said


ON_THE_LABEL = ("dextrose 5 %", "sodium chloride 0.9 %", "sodium chloride 0.45 %")
USED_BY_THE_KIDNEY = (
    "serum creatinine", "baseline creatinine", "eGFR", "body weight", "dry weight", "height",
)  # fmt: skip


def _read_by_rules() -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {
        key: set() for key in ("event", "support", "measurement", "medicine", "medicine_class", "line")
    }
    trends = {"platelet fall": "platelets", "systolic fall": "systolic blood pressure", "urine fall": "urine output"}
    trends["heart rate change"] = "heart rate"

    def walk(node: dict[str, Any]) -> None:
        for part in (*node.get("all", []), *node.get("any", []), *([node["not"]] if "not" in node else [])):
            walk(part)
        for key, names in found.items():
            if key in node:
                names.add((node[key], node.get("of")) if key == "measurement" else node[key])
        if node.get("fact") in trends:
            found["measurement"].add((trends[node["fact"]], None))

    for rule in look.rules():
        walk(rule["when"])
    return found
