"""What a card shows is text: nothing in it is markup, a link or an instruction, and nothing unseen stands in it."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from inotrope.hooks.markdown import LONGEST_SUMMARY, bullets, escaped, plain, summary
from tests.hooks.conftest import Asked, request_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example/a",
    "www.evil.example",
    "someone@evil.example",
    "javascript:alert(1)",
    "**bold** _it_ `code` ~~gone~~",
    "| a | b |\n|---|---|",
    "# heading",
    "&lt;b&gt;",
    "line\nbreak\r\n\r\n- list",
    "\\<b\\>",
    "<!-- hidden -->",
    "@somebody",
]


def unescaped(text: str, sign: str) -> bool:
    """Whether a sign stands in a text without a backslash that counts for it."""
    for place, one in enumerate(text):
        before = len(text[:place]) - len(text[:place].rstrip("\\"))
        if one == sign and before % 2 == 0:
            return True
    return False


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_of_markdown_or_html_is_left_alone(text: str):
    shown = escaped(text)
    assert "\n" not in shown
    for sign in "<>[]`*_~|#&@":
        assert not unescaped(shown, sign), shown
    assert not re.search(r"(?<!\\)://", shown)
    assert "www.e" not in shown


@pytest.mark.parametrize(
    "text", ["0.5 mcg/kg/min", "9.6 mL/h delivers 0.5", "K 3.1 mmol/L, below 3.5", "(US label); ask."]
)
def test_what_is_harmless_reads_as_it_was_written(text: str):
    assert escaped(text) == text


def test_what_nobody_sees_is_written_out_and_no_micro_sign_is_shown():
    assert plain("a\u202eb\x00c") == "a\\u202eb\\x00c"
    assert plain("0.5 \u00b5g/kg/min and 2 \u03bcg") == "0.5 mcg/kg/min and 2 mcg"


def test_a_summary_keeps_its_length():
    assert len(summary("x" * 500)) == LONGEST_SUMMARY
    assert summary("short") == "short"
    assert bullets(["a", "b"]) == "- a\n- b"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_typed_in_a_record_is_text_in_a_card(ask: Asked, text: str):
    request = copy.deepcopy(request_of(123))
    draft = request["context"]["draftOrders"]["entry"][0]["resource"]
    draft["contained"][0]["ingredient"][1]["itemCodeableConcept"] = {"text": text}
    draft["dosageInstruction"][0]["text"] += f" {text}"
    draft["dosageInstruction"][0]["doseAndRate"][0]["rateQuantity"] |= {"unit": text, "code": text}
    draft["reasonCode"] = [{"text": text}]
    for card in ask.cards(request):
        assert "\n" not in card["summary"]
        for line in card["detail"].splitlines():
            body = line.removeprefix("- ").replace("**STOP** ", "").replace("**WARN** ", "").replace("**NOTE** ", "")
            for sign in "<>[]`*_~|#&@":
                assert not unescaped(body, sign), line
            assert not re.search(r"(?<!\\)://", line)


def test_every_card_bears_the_notice(ask: Asked, grave: dict[str, Any]):
    [card] = ask.cards(grave)
    assert "not cleared as a medical device" in card["detail"]
