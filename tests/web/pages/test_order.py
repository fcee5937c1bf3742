"""The order check on a screen: pasted text, alone or beside the patient of the page."""

from __future__ import annotations

from tests.web.pages.conftest import Ward

FITS = "milrinone 20 mg/100 mL at 0.5 mcg/kg/min, 82 kg, 12.3 mL/h"
"""20 mg in 100 mL are 200 mcg/mL; 0.5 x 82 x 60 / 200 = 12.3 mL/h."""


def test_the_box_stands_with_and_without_a_patient(ward: Ward) -> None:
    alone, beside = ward.get("/order"), ward.post("/order", "running-since-yesterday")
    assert alone.status == beside.status == 200
    assert "held against itself alone" in alone.text and 'name="beside"' not in alone.source
    assert 'name="beside" value="yes" checked' in beside.source and beside.case


def test_an_order_that_fits_itself_is_said_to(ward: Ward) -> None:
    page = ward.post("/order", order=FITS)
    assert page.status == 200 and "CONSISTENT" in page.text and FITS in page.text


def test_a_tenfold_rate_does_not_fit(ward: Ward) -> None:
    page = ward.post("/order", order=FITS.replace("12.3", "123"))
    assert page.status == 200 and "STOP" in page.text and "What does not fit" in page.text


def test_beside_the_patient_his_weight_counts(ward: Ward) -> None:
    other = FITS.replace("82 kg, 12.3", "28 kg, 4.2")  # 0.5 x 28 x 60 / 200 = 4.2: it fits itself
    assert "CONSISTENT" in ward.post("/order", order=other).text
    beside = ward.post("/order", "running-since-yesterday", order=other, beside="yes")
    assert "CONSISTENT" not in beside.text and "82 kg" in beside.text
    alone = ward.post("/order", "running-since-yesterday", order=other)
    assert "CONSISTENT" in alone.text and 'value="yes" checked' not in alone.source


def test_nothing_pasted_is_asked_for(ward: Ward) -> None:
    page = ward.post("/order", "sound-adult", order="  ", beside="yes")
    assert page.status == 422 and "Nothing was pasted" in page.text and page.case


def test_what_is_pasted_goes_back_as_it_was(ward: Ward) -> None:
    text = "\nmilrinone <b>0.5</b> mcg/kg/min & more\r\n</textarea><script>alert(1)</script>"
    page = ward.post("/order", order=text)
    assert page.status in (200, 422) and "<script>alert" not in page.source and "</textarea><script" not in page.source
    assert ">\n\nmilrinone &lt;b&gt;" in page.source  # a box drops its first line feed, so that another stands before


def test_a_case_that_cannot_be_read_is_mended_on_its_own_form(ward: Ward) -> None:
    page = ward.post("/order", case='{"drug": "milrinone"}', order="milrinone 0.5 mcg/kg/min, 82 kg", beside="yes")
    assert page.status == 422 and 'id="filled"' in page.source
