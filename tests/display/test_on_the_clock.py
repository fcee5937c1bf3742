"""The clock under the charts of a sheet, and nothing else of it changed."""

from __future__ import annotations

from datetime import datetime

from inotrope.display.chart import Chart
from inotrope.display.on_the_clock import on_the_clock
from inotrope.display.sheet import Paragraph, Section, Sheet

NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
CHART = Chart("", (0.0, 24.0), (0.0, 100.0), None, None, None, 100.0, "")


def test_charts_bear_the_clock_and_the_rest_stays() -> None:
    before = Sheet("t", "s", None, (Section("a", (Paragraph("p"), CHART)), Section("b", (Paragraph("q"),))), (), "n")
    after = on_the_clock(before, NOW)
    chart = after.sections[0].blocks[1]
    assert isinstance(chart, Chart) and chart.clock_at(6.5) == "14:30" and CHART.clock_at(6.5) == ""
    assert after.sections[0].blocks[0] == Paragraph("p") and after.sections[1] == before.sections[1]
