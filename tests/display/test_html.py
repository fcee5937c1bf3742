"""The page: it stands alone, reads well, and lets nothing in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from inotrope.display import drug_sheet, family_sheet, plan_sheet, to_html, to_markdown, to_text
from inotrope.display.chart import Chart
from inotrope.display.figure import Figure
from inotrope.display.sheet import Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table
from inotrope.drug import load_drug
from inotrope.findings import Severity
from inotrope.plan import NOTICE, Plan

PlanOf = Callable[..., Plan]
VOID = {"meta", "br", "hr", "path", "polygon", "rect", "circle"}


class Page(HTMLParser):
    """Reads a page, and fails where a tag is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w/%-]+(?:\.[\w/%-]+)*", text.lower()))


def test_the_page_is_whole_and_shows_everything_that_the_terminal_shows(example: str, plan_of: PlanOf) -> None:
    sheet = plan_sheet(plan_of(example))
    page = Page(to_html(sheet))
    drawn = re.sub(r"^(==|--)( .*[^-=])? ?[-=]*$", r"\2", to_text(sheet, width=3000), flags=re.MULTILINE)
    drawn = re.sub(r"\[\D\] ", "", drawn)  # the signs, which are drawn as shapes here
    for chart in (
        block for section in sheet.sections for block in section.blocks if isinstance(block, (Chart, Figure))
    ):
        drawn = drawn.replace(chart.key, "")  # what the characters of the text stand for
    missing = {word for word in words(drawn) if re.search(r"[a-z]", word)} - words(page.text)
    assert not missing


def test_the_page_needs_nothing_from_outside(example: str, plan_of: PlanOf) -> None:
    text = to_html(plan_sheet(plan_of(example)))
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"}
        for name in attributes:
            assert name not in {"src", "href", "action", "style", "srcset"} and not name.startswith("on")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "http://" not in text.lower()
    assert "default-src 'none'" in text


def test_the_page_names_its_language_its_title_and_its_parts(plan_of: PlanOf) -> None:
    page = Page(to_html(plan_sheet(plan_of("running-since-yesterday"))))
    tags = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    assert tags.count("h1") == 1
    assert tags.count("title") == 1
    assert tags.count("main") == 1
    headings = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert headings
    assert set(headings) == {"col", "row"}
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_page_carries_the_notice_whole(example: str, plan_of: PlanOf) -> None:
    assert NOTICE in Page(to_html(plan_sheet(plan_of(example)))).text


def test_severity_is_a_word_beside_its_shape(plan_of: PlanOf) -> None:
    text = to_html(plan_sheet(plan_of("severe-aortic-stenosis")))
    text += to_html(plan_sheet(plan_of("running-since-yesterday")))
    marks = re.findall(r'<span class="mark m-(\w+)">(.*?)</span>', text, flags=re.DOTALL)
    assert marks
    for mark, inside in marks:
        assert "<svg" in inside
        assert f"<b>{mark.upper()}</b>" in inside or "<b>RUNS NOW</b>" in inside or "<b>PLAN WITH" in inside
    shapes = {re.sub(r"\s+", " ", inside.split("<b>")[0]) for mark, inside in marks}
    assert len(shapes) == len({mark for mark, _ in marks})


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_color_of_text_stands_out_from_its_ground(plan_of: PlanOf) -> None:
    style = to_html(plan_sheet(plan_of("sound-adult")))
    colors = set(re.findall(r"[{ ;]color: (#[0-9a-f]{6})", style)) | set(
        re.findall(r"--(?:ink|quiet|head): (#[0-9a-f]{6})", style)
    )
    assert len(colors) >= 9
    ground = luminance("#f3f6f8")  # the darker of the two grounds: the head of a table
    for color in colors:
        assert (ground + 0.05) / (luminance(color) + 0.05) >= 4.5, color  # WCAG 2.2 AA, 1.4.3


def test_every_volume_of_the_dose_names_its_product(example: str, plan_of: PlanOf) -> None:
    text = to_html(plan_sheet(plan_of(example)))
    assert "µ" not in text
    for box in re.findall(r'<section class="loud".*?</section>', text, flags=re.DOTALL):
        for row in re.findall(r"<tr.*?</tr>", box, flags=re.DOTALL):
            said = Page(f"<table>{row}</table>").text
            if re.search(r"\d mL(/h)?(?![\w/])", said) and "pump's step" not in said:
                assert re.search(r"milrinone .*\d m(c)?g/mL|diluted milrinone", said), said


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\" onload='x'", "{{ 7 * 1291 }}", "a & b < c"])
def test_no_text_of_a_case_becomes_part_of_the_page(plan_of: PlanOf, text: str) -> None:
    sheet = plan_sheet(plan_of("sound-adult"))
    planted = replace(sheet, sections=(Section(text, (Rows((Row(text, text),)),)),), title=text)
    html = to_html(planted)
    assert "<script" not in html
    assert "9037" not in html
    assert text in Page(html).text


def test_a_quantity_is_kept_on_one_line(plan_of: PlanOf) -> None:
    assert '<span class="q">9.2 mL/h</span>' in to_html(plan_sheet(plan_of("sound-adult")))


def test_drug_pages_are_pages_too() -> None:
    drug = load_drug("milrinone")
    for sheet in (drug_sheet(drug), family_sheet(drug)):
        assert NOTICE in Page(to_html(sheet)).text


def test_no_table_and_no_row_is_parted_by_a_page(plan_of: PlanOf) -> None:
    style = to_html(plan_sheet(plan_of("sound-adult"))).split("</style>")[0]
    assert "table, tr, li { break-inside: avoid; }" in style
    assert "thead { display: table-header-group; }" in style
    assert "caption { break-after: avoid; }" in style


def printed(html: str, folder: Path) -> list[str]:
    """Print a page as a browser does, and return the text of each sheet of paper."""
    (folder / "plan.html").write_text(html, encoding="utf-8")
    chromium = shutil.which("chromium")
    assert chromium is not None
    words = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    words += ["--no-pdf-header-footer", f"--print-to-pdf={folder / 'plan.pdf'}", str(folder / "plan.html")]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    done = subprocess.run(["pdftotext", "-layout", folder / "plan.pdf", "-"], check=True, capture_output=True)
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")]


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("pdftotext")), reason="needs a browser that prints and pdftotext"
)
def test_the_first_printed_page_holds_status_warnings_what_runs_and_the_dose(plan_of: PlanOf, tmp_path: Path) -> None:
    plan = plan_of("running-since-yesterday")
    pages = printed(to_html(plan_sheet(plan)), tmp_path)
    first = pages[0]
    places = [first.index(words) for words in ("PLAN WITH WARNINGS", "RUNS NOW", "Now", "Loading dose", "Runs now")]
    assert places[0] < places[1] < places[3] < places[4]
    for finding in plan.findings:
        if finding.severity is Severity.WARN:
            assert f"{finding.title}. {finding.advice}" in first
    for head, row in (
        ("How often", "as ordered; the source gives no"),
        ("Not indexed", "68.8 mL/min/1.73 m2 80.1 mL/min"),
    ):
        assert any(row in page for page in pages)
        assert all(head in page for page in pages if row in page)


@pytest.mark.parametrize(
    "hidden", ["\x1b[2J", "\x07", "\u202e", "\u2066", "\u200b", "\u3164", "\x00", "\ud800"], ids=ascii
)
def test_no_character_that_nobody_sees_reaches_a_page(plan_of: PlanOf, hidden: str) -> None:
    text = f"evil{hidden} name"
    rows = Rows((Row(text, text), Row("", text)))
    card = Card(Mark.WARN, text, text, (Row(text, text),), word=text)
    blocks = (rows, card, Table(text, (text,), ((text,),)), Lines((text,), title=text), Paragraph(text))
    planted = Sheet(text, text, card, (Section(text, blocks),), (Row(text, text),), text, (card,))
    for page in (to_html(planted), to_markdown(planted), to_text(planted)):
        assert hidden[0] not in page
        assert page.upper().count("EVIL") >= 18


def test_a_question_is_a_ring_and_no_diamond() -> None:
    # a filled diamond with a question mark is what a browser shows for a broken character
    for mark in (Mark.ASK, Mark.ASSUMED):
        card = Card(mark, "a title", "", ())
        page = to_html(Sheet("a", "b", card, (), (), "c"))
        (sign,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
        assert "<circle" in sign
        assert "polygon" not in sign
        assert 'fill="#fff"' in sign
