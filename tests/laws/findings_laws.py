"""Laws of the findings of one plan: every rule says what the second reading says, and every name is read or named."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inotrope.drug import load_drug
from inotrope.findings import Finding
from inotrope.patient import read_case
from inotrope.plan import Plan
from inotrope.plan.making import answering_findings
from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.patients import Document
from tests.laws.second_reading import Reader

FIVE_DIGITS = Fraction(1, 10**5)
"""Share. The program rounds a body surface and each clearance to six decimals; no renal table knows as many."""


def check_rules(document: Document, plan: Plan, assumed: Decimal | None) -> Counter[str]:
    """Every rule says what the second reading says; what is unknown is there as unknown and stands in the questions."""
    asks = {rule["id"] for rule in look.rules() if "asks" in rule}
    answers_only = {rule["id"] for rule in look.rules() if rule.get("shown") == "answer"}
    assert not answers_only & {finding.rule for finding in plan.findings}
    told = (*plan.findings, *answering(document))
    found = {finding.rule: finding for finding in told if finding.state.value != "silent"}
    asked = {rule: question for question in plan.missing for rule in question.rules}
    reader = Reader(document, plan, None if assumed is None else Fraction(assumed))
    check_kidney(reader, plan)
    for rule_id, truth in reader.states().items():
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


def check_kidney(reader: Reader, plan: Plan) -> None:
    """Every estimate and the one that doses are those of the second reading; with a machine the plan shows none."""
    told = plan.kidney
    assert told.changing == {True: "yes", False: "no", None: "unknown"}[reader.changing]
    if told.clearance is None and "kidney-replacement" in {item.id for item in plan.refusals}:
        assert not told.estimates and told.equation is None
        return
    found = {item.equation: Fraction(item.value.value) for item in told.estimates}
    assert found.keys() == reader.estimates.keys()
    assert all(abs(found[name] - value) <= (value + 1) * FIVE_DIGITS for name, value in reader.estimates.items())
    if told.clearance is not None:
        assert reader.clearance is not None
        assert abs(Fraction(told.clearance.value) - reader.clearance) <= (reader.clearance + 1) * FIVE_DIGITS


def answering(document: Document) -> tuple[Finding, ...]:
    """What only answers a question, which no plan holds."""
    return answering_findings(load_drug("milrinone"), read_case(copy.deepcopy(document)))


def check_causes(plan: Plan) -> None:
    """Of one cause the first rule of the file that fires speaks, and all else of it stands under it, save stops."""
    fires = {finding.rule: finding for finding in plan.findings if finding.state.value == "fires"}
    above: dict[str, list[str]] = {}
    for cause in look.content("milrinone/safety.toml")["cause"]:
        heard = [rule for rule in cause["speaks"] if rule in fires]
        for rule in [*heard[1:], *(cause["joins"] if heard else [])]:
            above.setdefault(rule, []).append(heard[0])
    weights = ("stop", "warn", "inform")
    for finding in plan.findings:
        leaders = above.get(finding.rule, [])
        if finding.rule not in fires or finding.severity.value == "stop" or not leaders:
            assert finding.under == "", finding.rule
            continue
        assert finding.under == leaders[0], finding.rule
        leader = fires[finding.under]
        assert leader.under == "" and leader.alerts, finding.rule
        assert weights.index(leader.severity.value) <= weights.index(finding.severity.value)
    loud = {finding.severity.value for finding in plan.findings if finding.alerts and finding.rule in fires}
    assert {finding.severity.value for finding in fires.values()} & {"stop"} <= loud
    assert bool(loud & {"stop", "warn"}) == any(item.severity.value in ("stop", "warn") for item in fires.values())


def check_names(document: Document, plan: Plan) -> None:
    """Whatever no rule reads is named: no medicine, machine, event or measurement falls silent."""
    read = _read_by_rules()
    said = {f.rule: f.says for f in plan.findings if f.state.value == "fires"}
    text = " ".join(said.values())
    unread = [item["what"] for item in document.get("events") or [] if item["what"] not in read["event"]]
    unread += [item["what"] for item in document.get("events") or [] if _lies_too_far_back(document, item)]
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


def _lies_too_far_back(document: Document, event: Document) -> bool:
    """Tell whether rules read such an event, and none of them one that is so old."""
    windows = [
        None if "within" not in node else look.number(rule["limit"][node["within"].removeprefix("@")]["value"])
        for rule in look.rules()
        for node in _nodes(rule["when"])
        if node.get("event") == event["what"]
    ]
    age = history.hours(history.moment(document["now"]) - history.moment(event["at"]))
    return bool(windows) and all(window is not None and age > window for window in windows)


def _nodes(node: Document) -> Iterator[Document]:
    yield node
    for part in (*node.get("all", ()), *node.get("any", ()), *([node["not"]] if "not" in node else [])):
        yield from _nodes(part)


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
