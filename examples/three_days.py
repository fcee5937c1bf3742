"""What does a ward keep of three days, and what can a pharmacist show later of what was known when?

A file named behind it keeps the course, to be looked at with `inotrope course`; without one nothing is kept.
"""

import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from inotrope.course.meaning.as_of import Knowing, case_at, make_course_plan
from inotrope.course.meaning.handover import handover
from inotrope.course.meaning.playing import played, read_script
from inotrope.course.meaning.replaying import replay
from inotrope.course.meaning.timeline import timeline
from inotrope.display import to_text
from inotrope.display.course_sheet import course_sheet
from inotrope.display.handover_sheet import handover_sheet
from inotrope.display.stacked import stacked_alone
from inotrope.display.timeline_sheet import stacked_timeline

BEFORE_THE_CORRECTION = datetime.fromisoformat("2026-11-23T06:45:00+01:00")
"""A creatinine had been typed without its point: 19 mg/dL instead of 1.9. It was corrected at 06:50."""
EVENING = datetime.fromisoformat("2026-11-23T20:21:00+01:00")

script = read_script("three-days")
print(script["about"], end="\n\n")
with TemporaryDirectory() as folder:
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "courses.sqlite"
    with played(script, kept) as (store, course), store.reading() as reading:
        events, texts = reading.events(course), reading.document
        print(to_text(course_sheet(reading.course(course), events), width=120))

        for knowing in Knowing:
            found = case_at(events, texts, BEFORE_THE_CORRECTION, knowing=knowing)
            plan = make_course_plan(found, forecast=False)
            print(f"The plan as of {BEFORE_THE_CORRECTION:%d %b %H:%M}, by what was known {knowing}: {plan.status}")
            print(f"  kidneys: {plan.kidney.because}")

        plans = [event.number for event in events if event.kind == "planned"]
        same = sum(replay(events, texts, number).same for number in plans[:1])
        print(f"\nThe first of {len(plans)} plans, computed anew: {'the same to the digit' if same else 'it differs'}")

        known = tuple(event for event in events if event.recorded <= EVENING)
        print(f"\n{to_text(handover_sheet(handover(known, texts, now=EVENING)), width=100)}")

        drawing = stacked_alone(stacked_timeline(timeline(events, texts, until=events[-1].at)))
        if len(sys.argv) > 1:
            kept.with_suffix(".svg").write_text(drawing, encoding="utf-8")
            print(f"Drawn: {kept.with_suffix('.svg')}")
        print(f"Every event is chained to the one before it: {len(store.verify().breaks)} breaks.")
