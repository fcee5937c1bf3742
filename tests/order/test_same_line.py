"""Another medicine in the drug's line: asked about across commas and sentences, unless the two are kept apart."""

from __future__ import annotations

import pytest

from inotrope.plan import check_order

ORDER = "milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h"


@pytest.mark.parametrize(
    "text",
    [
        ", furosemide infusing same line",
        ", furosemide infusing, same line",
        ", furosemide infusing, no load, same line",
        ", furosemide infusing (same line)",
        ", same line, furosemide infusing",
        ", on the same line as the furosemide",
        ", on the same IV line as, per RN, the Lasix drip",
        "; shares the line, Lasix is on",
        "; Lasix running, monitor K, sharing a lumen",
        ". Lasix running. Both on the same line.",
        ". Lasix running\n\nsame line",
        ". Bumex y'd in below",
        ". Lasix IVP into the milrinone line",
        ". Do not titrate, furosemide infusing, same line",
        ". Lasix off, furosemide running, same line",
        ". Lasix running, milrinone peripheral, same line",
        ", furosemide added, in the same bag",
        ", PRBC transfusing, same line",
        ", foobarol drip, same line",
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_another_medicine_in_the_same_line_is_refused(text: str) -> None:
    check = check_order(ORDER + text)
    assert check.status == "refused"
    assert any("line" in item.says and "another medicine" in item.says for item in check.refusals)


@pytest.mark.parametrize(
    "text",
    [
        ", furosemide infusing, separate line",
        ", furosemide infusing, never in the same line",
        ", no furosemide, same line as yesterday",
        ", same line, furosemide via other lumen",
        ", furosemide running, peripheral, same line as yesterday",
        ", furosemide drip is held, same line",
        ". Do not run furosemide, Lasix or Bumex in the same line",
        ". Do not run furosemide, Lasix, Bumex, or torsemide in the same line",
        ". Furosemide in the morning. Milrinone stays on the same line",
        ". Furosemide in the morning. It all goes on and on and on in the same line",
        ". Furosemide in the morning. Dopamine not on same line",
        ", same line as yesterday, patient infusing well",
        " via y-site with NS, on Lasix at home",
    ],
)
def test_what_is_kept_apart_is_no_alarm(text: str) -> None:
    check = check_order(ORDER + text)
    assert check.status == "consistent", [item.says for item in check.refusals]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (", furosemide held", "consistent"),
        (", furosemide drip is now on hold.", "consistent"),
        (", furosemide drip, hold", "refused"),
        (", furosemide hold milrinone", "refused"),
        (", milrinone and furosemide held", "refused"),
        (", held", "refused"),
    ],
)
def test_what_is_held_is_the_other_medicine_or_the_order(text: str, status: str) -> None:
    assert check_order(ORDER + text).status == status
