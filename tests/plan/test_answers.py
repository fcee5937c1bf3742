"""The questions asked again and again: every part in general and for a case, and no dose for a family."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inotrope.display.faq_sheet import faq_sheet
from inotrope.display.terminal import to_text
from inotrope.drug import Computed, load_drug, read_site
from inotrope.findings import Status
from inotrope.patient import Case
from inotrope.plan import NOTICE, to_plain
from inotrope.plan.answers import Answers, answers
from inotrope.plan.answers_in_general import GENERAL
from inotrope.plan.answers_of_case import OF_CASE

Maker = Callable[..., Case]
IDS = ("how-long", "other-medicines", "missed-dose", "storage", "driving", "addiction")
NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def infusion(start: float, end: float | None = None, rate: str = "0.5 mcg/kg/min") -> dict[str, str]:
    found = {"of": "milrinone", "start": ago(start), "rate": rate}
    return found if end is None else {**found, "end": ago(end)}


LOAD = {"of": "milrinone", "start": ago(30), "duration": "10 min", "dose": "50 mcg/kg"}


@pytest.fixture
def told(make_case: Maker):
    def build(**parts: Any) -> Answers:
        return answers(make_case(now=NOW.isoformat(), **parts))

    return build


def computed(found: Answers, id_: str) -> str:
    return " ".join(next(answer for answer in found.answers if answer.id == id_).computed)


def family(found: Answers, id_: str) -> str:
    return " ".join(next(answer for answer in found.answers if answer.id == id_).computed_family)


def test_a_child_s_family_is_spoken_to_as_parents_and_not_about_driving(told) -> None:
    child = {"born": "2023-03-02", "sex": "male", "weight": "14 kg", "height": "95 cm"}
    by_id = {answer.id: answer for answer in told(patient=child, indication="septic shock").answers}
    assert "your child's illness" in by_id["how-long"].family
    assert "medicine your child takes" in by_id["other-medicines"].family
    assert "our child" in by_id["missed-dose"].asks_family
    driving = by_id["driving"]
    assert (driving.asks_family, driving.family, driving.computed_family) == ("", "", ())
    assert driving.staff
    assert by_id["storage"].family == next(item for item in told().answers if item.id == "storage").family
    shown = to_text(faq_sheet(told(patient=child, indication="septic shock"), family=True))
    assert "drive" not in shown and "your child" in shown
    assert "drive" in to_text(faq_sheet(told(), family=True))


def test_the_six_questions_of_the_seed_page_are_answered_with_the_notice() -> None:
    found = answers()
    assert tuple(answer.id for answer in found.answers) == IDS
    assert (found.notice, found.made_for, found.drug) == (NOTICE, None, "milrinone")
    assert all(answer.staff and answer.family and answer.sources for answer in found.answers)
    assert next(answer for answer in found.answers if answer.id == "addiction").status.value == "unconfirmed"


def test_every_part_is_worked_out_in_general_and_for_a_case() -> None:
    assert set(GENERAL) == set(OF_CASE) == set(Computed)
    used = {part for question in load_drug("milrinone").questions for part in question.computed}
    assert used == set(Computed)


def test_in_general_the_limits_of_every_authority_stand_side_by_side() -> None:
    found = answers()
    assert "US label, adult: no controlled experience beyond 48 h" in computed(found, "how-long")
    assert "UK text, child: at most 35 h" in computed(found, "how-long")
    assert "furosemide in the same line" in computed(found, "other-medicines")
    assert "every PDE3 inhibitor except" in computed(found, "other-medicines")
    assert "72 h" in computed(found, "storage")
    assert "24 h" in computed(found, "storage")
    assert "unconfirmed" in computed(found, "storage")
    assert computed(found, "missed-dose") == computed(found, "driving") == ""


def test_what_a_rule_leaves_out_is_not_listed_as_what_it_speaks_of() -> None:
    lines = next(answer for answer in answers().answers if answer.id == "other-medicines").computed
    harmless = next(line for line in lines if "(label-saw-no-harm" in line)
    # Furosemide precipitates in the line of milrinone: it is what the rule excludes, and what another one warns of.
    assert "same line" not in harmless
    assert "cardiac glycoside" not in harmless  # with a low potassium another rule speaks of them
    assert "furosemide, spironolactone" in harmless
    assert any("(loop-diuretic-same-line, warn)" in line and "furosemide in the same line" in line for line in lines)


def test_how_long_is_left_while_it_runs(told) -> None:
    found = told(administrations=[infusion(30)])
    # 48 h after the start, which was 30 h ago: 18 h from 08:00
    assert "It runs since 2026-11-21 02:00+01:00, 30 h" in computed(found, "how-long")
    assert "48 h (no controlled experience beyond it) is reached at 2026-11-23 02:00+01:00, 18 h left" in computed(
        found, "how-long"
    )
    assert family(found, "how-long") == "It has been running since 02:00 on 21 November 2026."


def test_a_limit_that_is_passed_says_so(told) -> None:
    assert "was reached at 2026-11-22 07:00+01:00: REVIEW NOW" in computed(
        told(administrations=[infusion(49)]), "how-long"
    )


def test_without_an_infusion_the_limits_wait(told) -> None:
    assert "Nothing runs now" in computed(told(administrations=[]), "how-long")
    unknown = told(administrations=None)
    assert "The case does not say what was given" in computed(unknown, "how-long")
    assert "The case does not say what was given" in computed(unknown, "missed-dose")
    assert computed(unknown, "driving") == "No infusion is recorded."


def test_without_an_entry_no_limit_is_known(told) -> None:
    found = computed(told(indication="zebra fever"), "how-long")
    assert "no limit is known. There is no dosing entry for 'zebra fever'" in found


def test_a_newborn_s_infusion_ends_at_an_age() -> None:
    from inotrope.patient import read_case

    baby = {
        "drug": "milrinone",
        "indication": "low systemic blood flow on the first day of life",
        "now": NOW.isoformat(),
        "patient": {"born": ago(10), "gestational_age": "27 weeks", "sex": "female", "weight": "0.9 kg"},
        "administrations": [infusion(5, rate="0.2 mcg/kg/min")],
    }
    # 18 h of age: born 10 h ago, so 8 h from 08:00
    assert "The age of 18 h is reached at 2026-11-22 16:00+01:00, 8 h left" in computed(
        answers(read_case(baby)), "how-long"
    )


def test_the_uk_text_s_longest_stands_beside_the_experience(told) -> None:
    found = computed(told(administrations=[infusion(30)], authority="UK text"), "how-long")
    assert "5 days" in found or "5 day" in found or "120 h" in found
    assert "(the longest) is reached at 2026-11-26 02:00+01:00, 90 h left" in found


def test_medicines_are_found_read_or_not_checked(told) -> None:
    found = computed(told(medicines=["anagrelide", "furosemide", "zzyzafil"]), "other-medicines")
    assert "(anagrelide, warn)" in found
    assert "(label-saw-no-harm, inform): Also given: furosemide." in found  # told here alone, and no finding
    assert "label-saw-no-harm" not in computed(told(medicines=["anagrelide"]), "other-medicines")
    assert "Read by the rules: anagrelide, furosemide" in found
    assert "NOT checked, since no rule reads them: zzyzafil" in found
    assert "NOT checked" not in computed(told(medicines=[]), "other-medicines")
    unlisted = computed(told(medicines=None), "other-medicines")
    assert "The case does not list the other medicines" in unlisted
    assert "Open, " in unlisted


def test_a_missed_dose_is_an_interrupted_infusion(told) -> None:
    paused = told(administrations=[LOAD, infusion(30, 3)])
    said = computed(paused, "missed-dose")
    assert "Paused since 2026-11-22 05:00+01:00, 3 h; the last rate was 0.5 mcg/kg/min." in said
    assert "No second loading dose" in said
    assert "at no more than 0.5 mcg/kg/min, the lower of the last rate and of what is allowed now. The plan" in said
    assert family(paused, "missed-dose") == "It has been stopped since 05:00 on 22 November 2026."
    slow = computed(told(administrations=[infusion(30, 3, "0.2 mcg/kg/min")]), "missed-dose")
    assert "at no more than 0.2 mcg/kg/min" in slow


def test_a_pause_under_a_stop_has_no_rate(told) -> None:
    said = computed(
        told(administrations=[infusion(30, 3)], conditions={"severe aortic stenosis": "present"}), "missed-dose"
    )
    assert "No rate is proposed now (the plan is stopped): the prescriber decides." in said


def test_what_runs_is_not_interrupted_and_what_never_ran_is_not_resumed(told) -> None:
    runs = told(administrations=[infusion(3)])
    assert computed(runs, "missed-dose") == "It runs at 0.5 mcg/kg/min now: nothing is interrupted."
    assert "Nothing was given so far" in computed(told(administrations=[]), "missed-dose")
    assert "A loading dose was given, and no infusion followed" in computed(told(administrations=[LOAD]), "missed-dose")
    going_in = {"of": "milrinone", "start": ago(0.1), "duration": "10 min", "dose": "50 mcg/kg"}
    assert computed(told(administrations=[going_in]), "missed-dose") == "It runs now: nothing is interrupted."


def test_this_bag_expires(told) -> None:
    vial = {"product": "vial", "concentration": "200 mcg/mL", "volume": "50 mL"}
    # 72 h at room temperature; hung 70 h ago, 2 h are left
    fresh = computed(told(preparation={**vial, "hung": ago(70)}), "storage")
    assert "expires at 2026-11-22 10:00+01:00, 2 h left" in fresh
    old = computed(told(preparation={**vial, "hung": ago(73)}), "storage")
    assert "EXPIRED at 2026-11-22 07:00+01:00: change it" in old
    assert "Since when it hangs is not recorded" in computed(told(preparation=vial), "storage")
    assert "Made from vials, it may be used for 72 h" in computed(told(preparation=vial, indication="x"), "storage")


def test_other_bags_say_what_is_not_sourced(told) -> None:
    premix = computed(told(preparation={"product": "premix", "hung": ago(2)}), "storage")
    assert "premixed. No text that was read says how long one may hang. It hangs since 2026-11-22 06:00" in premix
    assert "25 degC" in premix
    neat = computed(told(preparation={"product": "vial", "concentration": "1 mg/mL"}), "storage")
    assert "undiluted; how long it may be used is not sourced" in neat
    vague = computed(told(preparation={"product": "vial"}), "storage")
    assert "its concentration is not said" in vague
    assert "does not say whether a premixed bag" in computed(told(preparation=None), "storage")


def test_after_the_stop(told) -> None:
    assert "does not drive" in computed(told(administrations=[infusion(3)]), "driving")
    stopped = told(administrations=[infusion(30, 3)])
    assert "stopped at 2026-11-22 05:00+01:00, 3 h ago. After the stop the ECG is watched" in computed(
        stopped, "driving"
    )
    assert family(stopped, "driving") == "It was stopped at 05:00 on 22 November 2026."
    nobody = told(administrations=[infusion(30, 3)], indication="zebra fever")
    assert computed(nobody, "driving") == "The infusion was stopped at 2026-11-22 05:00+01:00, 3 h ago."


def test_a_family_reads_no_dose(told) -> None:
    for parts in ({"administrations": [infusion(3)]}, {"administrations": [LOAD, infusion(30, 3)]}):
        for answer in told(**parts).answers:
            text = " ".join((answer.asks_family, answer.family, *answer.computed_family))
            assert not re.search(r"mcg|mg|mL|/kg", text)


def test_a_site_s_shorter_life_holds(make_case: Maker, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[limits]\n"storage.diluted_life" = "24 h"\n', encoding="utf-8")
    site = read_site(path)
    vial = {"product": "vial", "concentration": "200 mcg/mL", "volume": "50 mL", "hung": ago(20)}
    found = answers(make_case(now=NOW.isoformat(), preparation=vial), site=site)
    assert "expires at 2026-11-22 12:00+01:00, 4 h left" in computed(found, "storage")
    assert found.versions.site == site.digest
    general = answers(site=site)
    assert "72 h (" not in computed(general, "storage").replace("in the place of 72 h (", "")


def test_answers_are_plain_json(told) -> None:
    plain = to_plain(told(administrations=[]))
    assert [answer["id"] for answer in plain["answers"]] == list(IDS)


def test_what_an_answer_cites_is_as_sure_as_where_its_number_stands() -> None:
    """The vial's temperature was cut off where it was read (second reading 1.1): not confirmed, here and there."""
    drug = load_drug("milrinone")
    numbers = [number.source for kept in drug.storage.values() for number in kept.numbers.values()]
    told_of = {(source.id, source.place): source.status for source in numbers}
    shared = 0
    for question in drug.questions:
        for source in question.sources:
            if (source.id, source.place) in told_of:
                shared += 1
                assert source.status is told_of[source.id, source.place], source
    assert shared == 2  # the premix's and the vial's
    storage = next(item for item in drug.questions if item.id == "storage")
    by_id = {source.id: source.status for source in storage.sources}
    assert by_id["injectable-drugs-handbook"] is Status.UNCONFIRMED
    assert by_id["premix-storage-copy"] is by_id["brazil-primacor"] is Status.CONFIRMED
    assert storage.status is Status.UNCONFIRMED  # as sure as its least sure part
    assert "cut off where it was read" in storage.staff
    shown = " ".join(to_text(faq_sheet(answers()), width=3000).split())
    answer = shown.partition("How is milrinone stored")[2].partition("May a patient drive")[0]
    assert re.search(r"Sources (\[\d+\],? ?)+; not confirmed: \[\d+\]", answer), answer
