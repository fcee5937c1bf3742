"""A catheter lies in the right heart: what may milrinone do to pressure and output within the hour, and over the day?

Information: it selects no rate. With the name of an HTML file behind it, the whole plan is written there with its
figures: `python examples/heart_over_a_day.py heart_over_a_day.html`.
"""

import sys
from pathlib import Path

from inotrope import make_plan, read_case
from inotrope.cli.cases import EXAMPLES
from inotrope.plan.circulation.course_record import chance

plan = make_plan(read_case(EXAMPLES / "right-heart-catheter.json"))
course = plan.circulation
assert course is not None
print(f"{course.headline}. {course.says[0]}")
print(f"Supposed: {course.supposes}: {course.regimen}")

curves = {item.short: item.curve for item in course.quantities}
for hour in (0.0, 1.0, 6.0, 24.0):
    at = course.time.values.index(hour)
    told = []
    for short in ("MAP", "CI", "PCWP", "SVR"):
        curve = curves[short]
        low, middle, high = (ends.values[at] for ends in (curve.lowest, curve.median, curve.highest))
        told.append(f"{short} {middle:g} ({low:g} to {high:g}) {curve.median.unit}")
    print(f"after {hour:>2.0f} h: {'; '.join(told)}")

assert course.load is not None
for words, way in (("with the load", course.load.with_load), ("without it", course.load.without)):
    assert way.below is not None
    lowest = f"{way.lowest.median}, 90 % from {way.lowest.ninety_from} to {way.lowest.ninety_to}"
    print(f"The next hour {words}: MAP below the limit in {chance(way.below)}; lowest MAP {lowest}")

print(course.rates_say)
for one in course.rates:
    assert one.below is not None
    print(f"  {one.rate} ({one.because}): MAP below the limit within the day in {chance(one.below)}")
for sentence in course.says[1:]:
    print(f"- {sentence}")
if sys.argv[1:]:
    from inotrope.display import plan_sheet, to_html

    Path(sys.argv[1]).write_text(to_html(plan_sheet(plan)), encoding="utf-8")
    print(f"Drawn: {sys.argv[1]}")
print(plan.notice)
