"""Three days of one patient on the page, by two users who log in: planned, confirmed, measured, fitted, paused, failing
kidneys, CRRT, weaned, handed over. The second window runs no scripts.

The adult has 82 kg and a premix of 200 mcg/mL: 0.375 mcg/kg/min x 82 kg x 60 min/h / 200 mcg/mL = 9.225 mL/h, which is
9.2 mL/h on a pump with steps of 0.1 mL/h.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inotrope.access.roles import Role
from inotrope.access.users import Users
from inotrope.course.keeping.opening import open_database
from tests.browser.conftest import PATIENCE_MS
from tests.browser.looking import barriers, sideways
from tests.browser.serving import ROOT, Server, serving
from tests.browser.ward import pressed
from tests.browser.watching import Watch
from tests.moments import hours_ago

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

USERS = {"adams": "four words for a ward", "brown": "second words for a ward"}
DATABASE = "ward.sqlite"


def course(words: list[str], folder: Path) -> str:
    """Run `inotrope course` on the ward's database, and return what it says."""
    command = [sys.executable, "-m", "inotrope", "course", *words, "--database", str(folder / DATABASE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def ward(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server that keeps courses and asks everybody who they are."""
    course(["new", "Bed 1", "--by", "M. Edwards"], tmp_path)
    database = open_database(tmp_path / DATABASE)
    for name, password in USERS.items():
        Users(database).add(name, [Role.PLAN, Role.CONFIRM], password)
    database.close()
    with serving(tmp_path, None, "--database", str(tmp_path / DATABASE), "--login") as running:
        yield running


@dataclass
class Nurse:
    """Somebody at a window of the ward, who has logged in."""

    page: Page

    def enters(self, what: str, fields: dict[str, str], choices: dict[str, str] | None = None) -> str:
        """Enter one thing into the course whose page is open, and return what the page then says."""
        page = self.page
        page.get_by_role("link", name=what, exact=True).first.click()
        page.get_by_role("heading", name=what, level=1).wait_for()
        for label, text in fields.items():
            page.get_by_label(label, exact=True).fill(text)
        for label, word in (choices or {}).items():
            page.get_by_label(label, exact=True).select_option(label=word)
        said = pressed(page, "Record it")
        assert "Recorded as entry" in said
        return said

    def goes(self, screen: str) -> str:
        """Go to a screen by its button, with the course."""
        self.page.wait_for_load_state()
        with self.page.expect_event("load"):
            self.page.get_by_role("navigation", name="Screens").get_by_role("button", name=screen, exact=True).click()
        return self.page.get_by_role("main").inner_text()

    def back(self) -> str:
        """Go back to the course."""
        self.page.wait_for_load_state()
        with self.page.expect_event("load"):
            self.page.locator("header .places a").last.click()
        return self.page.get_by_role("main").inner_text()


def logged_in(browser: Browser, ward: Server, watch: Watch, name: str, *, scripts: bool) -> Nurse:
    context = browser.new_context(base_url=ward.address, java_script_enabled=scripts, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    watch.over(context)
    page = context.new_page()
    page.goto("/courses")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(USERS[name])
    pressed(page, "Log in")
    return Nurse(page)


def patient(page: Page, hours: float) -> None:
    """Fill in the form for a plan some hours ago."""
    page.get_by_label("Given for").select_option("acute decompensated heart failure")
    page.get_by_label("Time of this plan").fill(hours_ago(hours))
    page.get_by_label("Weight now").fill("82")
    page.get_by_label("Height", exact=True).first.fill("178")
    page.get_by_label("Sex").select_option("male")
    page.get_by_label("Date of birth").fill("1958-03-02")
    creatinine = page.get_by_role("group", name="Serum creatinine").first
    creatinine.get_by_label("Value").first.fill("1.1")
    creatinine.get_by_label("Unit of Value").select_option("mg/dL")
    creatinine.get_by_label("Taken at").fill(hours_ago(hours + 2))
    page.get_by_label("Product").select_option("premix")
    page.get_by_label("Concentration", exact=True).fill("200")
    page.get_by_label("Unit of Concentration").select_option("mcg/mL")


def entered(page: Page) -> str:
    """Enter what the second person finds, and return what comes of it."""
    page.get_by_label("Weight in kg").fill("82")
    page.locator("#concentration").fill("200")
    page.locator("#concentration-unit").select_option("mcg/mL")
    page.get_by_label("What goes in first").select_option(index=1)
    page.locator("#pump-rate").fill("9.2")
    page.get_by_label("Rate per body weight").fill("0.375")
    return pressed(page, "Compare")


def confirmed(adams: Nurse, brown: Nurse) -> None:
    """Let the second person check the start of the infusion; the first one cannot be the second."""
    adams.goes("Second check")
    pressed(adams.page, "Let a second person check the start of the infusion, without the load")
    code = adams.page.locator(".code").inner_text()
    for nurse, says in ((adams, "nobody checks alone"), (brown, "AGREE")):
        nurse.page.goto("/second-check")
        nurse.page.get_by_label("Code from the first person").fill(code)
        pressed(nurse.page, "Go on")
        assert says in entered(nurse.page)


def looked_at(page: Page) -> None:
    """Look for barriers, and for what is wider than a phone."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) == {}, (page.url, width)
    assert barriers(page) == [], page.url
    page.set_viewport_size({"width": 1280, "height": 900})


RATE, FROM, AT = "Rate that runs from then on", "From", "Measured at"
PER = {f"Unit of {RATE}": "mcg/kg/min"}


def begun(adams: Nurse, brown: Nurse) -> str:
    """Begin a course, plan it, let both confirm, and return its address."""
    page = adams.page
    looked_at(page)
    page.get_by_label("Label").fill("Bed 7")
    pressed(page, "Begin the course")
    address = page.url.partition("?")[0]
    pressed(page, "Enter the patient first")
    patient(page, 60)
    assert "9.2 mL/h of milrinone premix 200 mcg/mL" in pressed(page, "Make the plan")
    confirmed(adams, brown)
    page.goto(address)
    looked_at(page)
    return address


def measured_and_paused(adams: Nurse, brown: Nurse, address: str) -> None:
    """A level is fitted; a pause is entered on a page that the other one had opened before: both are told."""
    page = adams.page
    adams.enters("Rate", {RATE: "0.375", FROM: hours_ago(59)}, PER)
    brown.page.goto(address)
    level = {"Level in the blood": "160", "Drawn at": hours_ago(44), "Drawn from": "arterial line"}
    brown.enters("Level", level, {"Unit of Level in the blood": "ng/mL"})
    assert "160 ng/mL" in brown.goes("Levels and fit")
    brown.back()

    page.get_by_role("link", name="Rate", exact=True).first.click()
    page.get_by_label(RATE, exact=True).fill("0")
    page.get_by_label(f"Unit of {RATE}", exact=True).select_option("mcg/kg/min")
    page.get_by_label(FROM, exact=True).fill(hours_ago(36))
    looked_at(page)
    brown.enters("Note", {"Note": "CT at once; the infusion waits."})
    said = pressed(page, "Record it")
    assert "Came meanwhile" in said and "CT at once" in said
    adams.enters("Rate", {RATE: "0.375", FROM: hours_ago(35)}, PER)


def failing_and_weaned(adams: Nurse) -> None:
    """The kidneys fail, a machine clears in their place, and the rate goes down until nothing runs."""
    choice = {"What was measured, and in which unit": "serum creatinine, mg/dL"}
    adams.enters("Reading", {"Value": "2.4", AT: hours_ago(24)}, choice)
    adams.enters("Reading", {"Value": "3.6", AT: hours_ago(20)}, choice)
    adams.enters("Rate", {RATE: "0.25", FROM: hours_ago(19)}, PER)
    crrt = {"Machine": "CRRT", "Unit of Effluent, of CRRT": "mL/h"}
    adams.enters("Machine", {"Since": hours_ago(18), "Effluent, of CRRT": "2000"}, crrt)
    plan = adams.goes("Plan")
    assert "CRRT" in plan and "Bed 7" in adams.page.locator("header").first.inner_text()
    adams.back()
    for rate, hours in (("0.2", 8), ("0.1", 5), ("0", 2)):
        adams.enters("Rate", {RATE: rate, FROM: hours_ago(hours)}, PER)


def corrected(page: Page) -> None:
    """A slip is corrected with the keyboard; what was written first stays to be read."""
    link = page.get_by_role("link", name=re.compile(r"^Correct entry \d+$")).first
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why it is corrected").fill("read from the wrong line of the chart")
    page.get_by_label(FROM, exact=True).fill(hours_ago(1))
    looked_at(page)
    page.get_by_role("button", name="It was this instead").focus()
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    assert "first written" in page.get_by_role("main").inner_text()
    assert page.locator("main svg").first.is_visible()
    looked_at(page)


def handed_over(page: Page) -> None:
    """The hand-over is one page of paper that names who decided what."""
    page.get_by_role("link", name="Hand-over sheet").click()
    page.get_by_role("heading", name="hand-over, Bed 7").wait_for()
    looked_at(page)
    page.emulate_media(media="print")
    paper = page.locator("body").inner_text()
    for words in ("Who, and why", "Last values", "Decided", "adams", "brown", "does not constitute medical advice"):
        assert words in paper
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", prefer_css_page_size=True))) == 1


@pytest.mark.hazard("set-otherwise-than-planned")
def test_three_days_of_two_users(browser: Browser, ward: Server, tmp_path: Path) -> None:
    watch = Watch(ward.address)
    watch.expect("status of 4(01|22)")  # nobody is logged in yet; the first person tries to be the second one too
    adams = logged_in(browser, ward, watch, "adams", scripts=True)
    brown = logged_in(browser, ward, watch, "brown", scripts=False)
    measured_and_paused(adams, brown, begun(adams, brown))
    failing_and_weaned(adams)
    corrected(adams.page)
    handed_over(adams.page)
    for nurse in (adams, brown):
        nurse.page.context.close()
    assert watch.complaints() == []
    log = ward.log.read_text("utf-8")
    assert "1958" not in log and "Bed 7" not in log and "Traceback" not in log
    course(["verify"], tmp_path)
