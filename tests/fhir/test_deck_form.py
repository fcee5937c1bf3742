"""The form of the deck, and nothing else: every file can be read, and every expected answer has its members.

What the answers mean stands in `deck/README.md`.
"""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

DECK = Path(__file__).parent / "deck"
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "case.schema.json"
FOLDERS = sorted(folder for folder in DECK.iterdir() if folder.is_dir())

MEMBERS = {"about", "subject", "why", "now", "reading", "plan", "undecided"}
MAY_STAND = MEMBERS | {"cards", "http"}
KINDS = {
    "entered-in-error", "not-final", "no-time", "no-unit", "unknown-code", "unit-contradicts-code", "not-a-number",
    "refuted", "inactive", "other-patient", "too-old", "duplicate", "wrong-version", "unreadable", "no-concentration",
    "planned-not-given", "outside-what-is-read",
}  # fmt: skip
PLAN = {
    "status", "rate_mcg_per_kg_min", "steps_mcg_per_kg_min", "rate_tolerance", "rate_at_most_mcg_per_kg_min",
    "loading_mcg_per_kg", "minimum", "maximum", "fires", "must_not",
}  # fmt: skip
STATUSES = {"plan", "stopped", "refused", "error"}
SEVERITIES = {"stop", "warn", "inform"}
INDICATORS = {"info", "warning", "critical"}
SOURCE = re.compile(
    r"(bedside-and-exchange|milrinone|milrinone-second-reading|patient|architecture)\.md:\d+|issue 9|by hand"
)


def read(path: Path) -> dict:
    """The file as plain dictionaries; NaN and Infinity are no JSON."""

    def refuse(word: str) -> float:
        raise ValueError(f"{path} holds {word}")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


EXPECTED = {folder.name: read(folder / "expected.json") for folder in FOLDERS}
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])


def test_the_deck_is_large_enough():
    silent = [name for name, expected in EXPECTED.items() if expected.get("cards") == "none"]
    assert len(FOLDERS) >= 60
    assert len(silent) >= 15


def test_numbers_and_names_are_unique_and_without_gaps():
    numbers, names = zip(*(folder.name.split("-", 1) for folder in FOLDERS), strict=True)
    assert [int(number) for number in numbers] == list(range(1, len(FOLDERS) + 1))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_no_two_cases_send_the_same_thing():
    sent = set()
    for folder in FOLDERS:
        given = read(next(path for path in folder.iterdir() if path.name != "expected.json"))
        given.pop("hookInstance", None)
        sent.add(json.dumps(given, sort_keys=True))
    assert len(sent) == len(FOLDERS)


def test_the_readme_counts_what_is_there():
    readme = (DECK / "README.md").read_text(encoding="utf-8")
    counted = dict(re.findall(r"^\| ([^|]+?) \| (\d+) \|$", readme, flags=re.MULTILINE))
    there: dict[str, int] = {}
    for expected in EXPECTED.values():
        there[expected["subject"]] = there.get(expected["subject"], 0) + 1
    assert {subject: int(count) for subject, count in counted.items()} == there


@each_folder
def test_a_case_is_one_input_and_its_answer(folder: Path):
    files = {path.name for path in folder.iterdir()}
    assert files in ({"bundle.json", "expected.json"}, {"request.json", "expected.json"})
    if "bundle.json" in files:
        assert read(folder / "bundle.json")["resourceType"] == "Bundle"
        assert "cards" not in EXPECTED[folder.name]
        assert "http" not in EXPECTED[folder.name]
    else:
        request = read(folder / "request.json")
        assert request["hook"] in {"patient-view", "order-select", "order-sign"}
        assert {"hookInstance", "context"} <= request.keys()
        assert "http" in EXPECTED[folder.name]


@each_folder
def test_the_answer_has_its_members(folder: Path):
    expected = EXPECTED[folder.name]
    assert expected.keys() >= MEMBERS
    assert expected.keys() <= MAY_STAND
    assert expected["about"].strip()
    assert datetime.fromisoformat(expected["now"]).tzinfo
    assert expected["why"]
    assert all(SOURCE.search(line) for line in expected["why"])
    assert all(isinstance(line, str) for line in expected["undecided"])


@each_folder
def test_the_reading_is_in_the_words_of_a_case(folder: Path):
    reading = EXPECTED[folder.name]["reading"]
    assert reading.keys() == {"case", "unknown", "left_out", "conflict"}
    schema = read(SCHEMA)
    assert reading["case"].keys() <= schema["properties"].keys()
    names = {key: schema["$defs"][key]["properties"]["what"]["examples"] for key in ("MeasurementForm", "SupportForm")}
    assert {one["what"] for one in reading["case"].get("measurements", [])} <= set(names["MeasurementForm"])
    assert {one["what"] for one in reading["case"].get("support", [])} <= set(names["SupportForm"])
    assert reading["case"].get("conditions", {}).keys() <= schema["properties"]["conditions"]["examples"][0].keys()
    for one in reading["left_out"]:
        assert one.keys() <= {"resource", "kind"}
        assert re.fullmatch(r"[A-Za-z]+/[A-Za-z0-9.-]{1,64}", one["resource"])
        assert one.get("kind", "unreadable") in KINDS


@each_folder
def test_what_is_left_out_was_sent(folder: Path):
    sent = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != "expected.json")
    for one in EXPECTED[folder.name]["reading"]["left_out"]:
        assert f'"id": "{one["resource"].split("/")[1]}"' in sent


@each_folder
def test_the_plan_and_the_cards_use_the_closed_words(folder: Path):
    expected = EXPECTED[folder.name]
    plan = expected["plan"]
    assert {"fires", "must_not"} <= plan.keys() <= PLAN
    assert plan.get("status", "plan") in STATUSES
    if plan.get("status") in {"stopped", "refused", "error"}:
        assert plan["rate_mcg_per_kg_min"] is None
    for one in plan["fires"]:
        assert one["words"]
        assert one.get("severity", "stop") in SEVERITIES
    assert all(re.match(r"(status|rate|case|fires|says): ", line) for line in plan["must_not"])
    cards = expected.get("cards", "none")
    for card in cards if isinstance(cards, list) else []:
        assert card["must_name"]
        assert len(card.keys() & {"indicator", "indicator_at_least"}) == 1
        assert {card.get("indicator"), card.get("indicator_at_least")} <= INDICATORS | {None}
    assert isinstance(cards, list) or cards == "none"
    assert expected.get("http", {}).get("status", 200) in {200, 412}
