"""Texts that somebody sends to break the reader: nothing hangs, no markup is drawn, nothing is read silently."""

from __future__ import annotations

import json

import pytest

from inotrope.display import to_html, to_text
from inotrope.display.order_sheet import order_sheet
from inotrope.errors import CaseError, InotropeError
from inotrope.plan import check_order, to_plain

SOUND = "milrinone 20 mg/100 mL, 70 kg, 0.375 mcg/kg/min, 7.9 mL/h"


@pytest.mark.parametrize(
    "text",
    [
        f"{SOUND}\x1b[31m",
        f"\x1b]0;x\x07{SOUND}",
        SOUND.replace("70", "\u202e07"),
        SOUND.replace("70", "7\u200b0"),
        f"{SOUND}\u2066",
        SOUND.replace(" ", "\x00"),
        "x" * 100_000,
        f"{SOUND}\n" * 2000,
        SOUND + " " * 100_000,
    ],
    ids=lambda text: ascii(text[:30]),
)
@pytest.mark.timeout(250)  # read to its end, the longest would take hours
def test_what_nobody_sees_and_what_is_far_too_long_is_an_error_at_once(text: str) -> None:
    with pytest.raises(CaseError):
        check_order(text)


@pytest.mark.parametrize("text", [f"{SOUND} <script>alert</script>", "milrinone <b>70 kg</b> & \" ' 0.5 mcg/kg/min"])
def test_markup_stays_text(text: str) -> None:
    page = to_html(order_sheet(check_order(text)))
    assert "<script>alert" not in page
    assert "<b>70" not in page


@pytest.mark.parametrize(
    "piece",
    [
        "9" * 900 + " mg ",
        "9" * 300 + " mcg/kg/min, 70 kg, ",
        "0." + "0" * 200 + "1 mcg/kg/min, 70 kg, 9 mL/h, 0.2 mg/mL ",
        "every 5 min ",
        "aged 5 ",
        "58 y old, ",
        "was 0.5 mcg/kg/min ",
        "GA 27 weeks ",
        "titrate (",
        "carrier at 5 mL/h ",
    ],
)
@pytest.mark.timeout(250)  # a pattern that tried every split would take hours
def test_numbers_beyond_any_size_and_endless_repetition_are_answered(piece: str) -> None:
    check = check_order(("milrinone " + piece * (1900 // len(piece)))[:2000])
    assert to_text(order_sheet(check))
    assert json.dumps(to_plain(check), allow_nan=False)


@pytest.mark.parametrize(
    "number",
    [
        "1e400",
        "5e-1",
        "0x10",
        "NaN",
        "\uff10.\uff15",
        "\u0660\u066b\u0665",
        "\u00bd",
        "\u00b2",
        "1.000,5",
        "0,375",
        "1 000",
        "1'000",
        "0..375",
        "0.3.75",
        "0. 375",
        "00.375",
        "-0.5",
        "\u22120.5",
        "10^3",
        "2*10",
        "7\u03010",
        "O.5",
    ],
)
def test_a_number_in_any_other_form_refuses_the_order(number: str) -> None:
    assert check_order(f"milrinone 70 kg, {number} mcg/kg/min, 200 mcg/mL").status == "refused"


@pytest.mark.parametrize("number", ["9" * 900, "0." + "0" * 900 + "1", "1e400", "0,5", "1 000", "\uff15", "-5", "00x5"])
@pytest.mark.parametrize("unit", ["mcg/kg/min", "mg/kg/min"])
def test_a_number_of_no_dose_in_a_field_is_an_error_or_stopped(number: str, unit: str) -> None:
    order = {"drug": "milrinone", "weight": "70 kg", "rate": f"{number} {unit}", "pump_rate": "9 mL/h"}
    try:
        check = check_order({**order, "concentration": "0.2 mg/mL"})
    except InotropeError:
        return
    assert check.status == "stopped"
    assert to_text(order_sheet(check))
