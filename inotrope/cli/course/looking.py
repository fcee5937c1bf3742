"""`inotrope course plan | replay | timeline | handover | example`: what a course says, now and of any moment."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inotrope.cli.answering import show
from inotrope.cli.cases import add_page_options, prepare_file, prepare_page, read_overrides, write_whole
from inotrope.cli.course.adding import came_meanwhile, now_here, writer_of
from inotrope.cli.course.opened import MUST_NOT_STAND, add_by, add_verb, opened
from inotrope.errors import RequestError, one_line

if TYPE_CHECKING:
    from inotrope.course.meaning.as_of import SiteFile
    from inotrope.display import Sheet


def add_verbs(under: Any) -> None:
    """Describe the verbs."""
    plan = add_verb(under, "plan", "the plan of now, recorded as it is shown; or the plan as of another moment", _plan)
    plan.add_argument("course", metavar="ID", help="the course's id")
    plan.add_argument(
        "--as-of", metavar="TIME", help="a moment that has passed, with its zone; such a plan is not recorded"
    )
    plan.add_argument(
        "--knowing",
        choices=("then", "since"),
        default="then",
        help="what counts for that moment: what was known then, or what is known since",
    )
    plan.add_argument("--look", action="store_true", help="record nothing")
    plan.add_argument("--full", action="store_true", help="as text also what others say, side effects and sources")
    plan.add_argument(
        "--override", metavar="RULE=REASON", action="append", default=[], help="set a stop aside for this plan"
    )
    plan.add_argument("--assume-kidney", metavar="QUANTITY", help="a clearance to assume: '60 mL/min/1.73 m2'")
    plan.add_argument("--seen", type=int, help=argparse.SUPPRESS)
    add_by(plan)
    _site(plan)
    add_page_options(plan)

    replay = add_verb(under, "replay", "compute recorded plans anew: the same to the digit, or what differs", _replay)
    replay.add_argument("course", metavar="ID", help="the course's id")
    replay.add_argument("number", metavar="NUMBER", type=int, nargs="?", help="of the event; by default every plan")

    timeline = add_verb(under, "timeline", "what was given, measured and done, on one axis of time", _timeline)
    timeline.add_argument("course", metavar="ID", help="the course's id")
    timeline.add_argument("--as-of", metavar="TIME", help="as it was known at a moment; by default now")
    timeline.add_argument("--plot", metavar="FILE.svg", help="also draw it")
    add_page_options(timeline)

    handover = add_verb(under, "handover", "one page for the next shift", _handover)
    handover.add_argument("course", metavar="ID", help="the course's id")
    handover.add_argument("--as-of", metavar="TIME", help="as it was known at a moment; by default now")
    _site(handover)
    add_page_options(handover)

    example = add_verb(
        under, "example", "play a shipped course into a new database, to look at and to learn from", _example
    )
    example.add_argument("name", metavar="NAME", nargs="?", default="three-days", help="by default three-days")


def _site(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", metavar="FILE", help="the hospital's own site.toml")


def _plan(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.as_of import Knowing, PlanOptions, case_at, case_now, make_course_plan
    from inotrope.course.meaning.recording import record_plan
    from inotrope.plan import to_plain
    from inotrope.units import read_time

    page, site, own = _page(options), _site_file(options), read_overrides(options.override)
    with opened(options) as store:
        with store.reading() as reading:
            events = reading.events(options.course)
            if options.as_of is None:
                found = case_now(events, reading.document, now_here())
            else:
                when = read_time(options.as_of, what="Time")
                found = case_at(events, reading.document, when, knowing=Knowing(options.knowing))
        asked = PlanOptions({**found.overrides, **own}, options.assume_kidney)
        plan = make_course_plan(found, asked, site)
        says, recorded = list(found.says), ""
        if options.as_of is None and not options.look:
            options.seen = found.number
            kept = record_plan(writer_of(options, store), plan, case=found.text, options=asked, site=site)
            recorded = f"Recorded as event {kept.event.number}."
            says += came_meanwhile(store.events(options.course), kept.came_meanwhile)

    def sheet(brief: bool) -> Sheet:
        from inotrope.display import plan_sheet
        from inotrope.display.handover_sheet import course_cards

        made = plan_sheet(plan, brief=brief)
        pump = "" if found.pump is None else found.pump.says
        return replace(made, alerts=(*course_cards(says, pump=pump), *made.alerts))

    show(lambda: to_plain(plan), sheet, options, page, brief=not options.full)
    if options.json:
        print("\n".join(one_line(text) for text in says), end="\n" if says else "", file=sys.stderr)
    elif recorded:
        print(recorded)
    return plan.exit_code


def _replay(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.kinds import PLANNED
    from inotrope.course.meaning.replaying import replay
    from inotrope.display import draw
    from inotrope.display.course_sheet import replay_sheet
    from inotrope.plan import to_plain

    with opened(options) as store, store.reading() as reading:
        course, events = reading.course(options.course), reading.events(options.course)
        numbers = [event.number for event in events if event.kind == PLANNED]
        wanted = numbers if options.number is None else [options.number]
        found = [replay(events, reading.document, number) for number in wanted]
    if not found:
        raise RequestError(f"No plan was recorded in course '{options.course}'.", value=options.course)
    if options.json:
        print(json.dumps([to_plain(item) for item in found], indent=2))
    elif options.number is not None:
        draw(replay_sheet(course, events[options.number - 1], found[0]), sys.stdout)
    else:
        for item in found:
            others = f"; made with another {', '.join(one.path for one in item.versions)}" if item.versions else ""
            differs = f"{len(item.differences)} values differ" if not item.failed else one_line(item.failed)
            print(f"Plan {item.number}: {'the same to the digit' if item.same else differs}{others}.")
        print(f"{sum(item.same for item in found)} of {len(found)} plans are the same.")
    return 0 if all(item.same for item in found) else MUST_NOT_STAND


def _timeline(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.timeline import timeline
    from inotrope.plan import to_plain

    page, plot = _page(options), None
    if options.plot is not None:
        example = "course.svg"
        plot = prepare_file(options.plot, "--plot", (".svg",), overwrite=options.overwrite, example=example)
    label, events, documents, when = _known(options)
    found = timeline(events, documents, until=when)
    if plot is not None:
        from inotrope.display.stacked import stacked_alone
        from inotrope.display.timeline_sheet import stacked_timeline

        write_whole(plot, stacked_alone(stacked_timeline(found)))

    def sheet(_: bool) -> Sheet:
        from inotrope.display.timeline_sheet import timeline_sheet

        return timeline_sheet(found, label=label)

    show(lambda: to_plain(found), sheet, options, page)
    if plot is not None and not options.json:
        print(f"\nDrawn: {one_line(options.plot)}")
    return 0


def _handover(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.handover import handover
    from inotrope.plan import to_plain

    page, site = _page(options), _site_file(options)
    _, events, documents, when = _known(options)
    found = handover(events, documents, now=when, site=site)

    def sheet(_: bool) -> Sheet:
        from inotrope.display.handover_sheet import handover_sheet

        return handover_sheet(found)

    names = [field.name for field in fields(found) if field.name != "case"]  # who it is stands in the plan
    show(lambda: {name: to_plain(getattr(found, name)) for name in names}, sheet, options, page)
    return 0


def _example(options: argparse.Namespace) -> int:
    from inotrope.course.meaning.playing import played, read_script

    if options.database is None:
        says = "An example is played into a new database of its own. Name a file: --database example.sqlite."
        raise RequestError(says, accepted="--database FILE")
    script = read_script(options.name)
    with played(script, options.database) as (store, course):
        head = store.course(course)
    if options.json:
        print(
            json.dumps({"id": course, "label": head.label, "events": head.number, "about": script["about"]}, indent=2)
        )
        return 0
    print(script["about"])
    print(f"{head.number} events. Look at them: inotrope course show {course} --database {one_line(options.database)}")
    return 0


def _known(options: argparse.Namespace) -> tuple[str, Any, Any, Any]:
    """Return the label, the events that were known at the moment asked for, their texts, and that moment."""
    from inotrope.course.chain import DOCUMENT, documents_of
    from inotrope.course.meaning.folding import known_at
    from inotrope.units import read_time

    with opened(options) as store, store.reading() as reading:
        label, events = reading.course(options.course).label, reading.events(options.course)
        when = now_here()
        if options.as_of is not None:
            when = read_time(options.as_of, what="Time")
            events = tuple(known_at(events, when))
            if not events:
                says = f"Nothing was recorded in course '{options.course}' by {when.isoformat()}."
                raise RequestError(says, value=options.as_of)
        texts = {name: reading.document(name) for event in events for name in documents_of(event.body)}
    return label, events, lambda name: texts[name.removeprefix(DOCUMENT)], when


def _page(options: argparse.Namespace) -> Path | None:
    if options.html is None:
        return None
    return prepare_page(options.html, case="-", site=getattr(options, "site", None), overwrite=options.overwrite)


def _site_file(options: argparse.Namespace) -> SiteFile | None:
    from inotrope.course.meaning.as_of import SiteFile
    from inotrope.files import decode, read_bytes

    if options.site is None:
        return None
    path = Path(options.site)
    return SiteFile(path.name, decode(read_bytes(path), path.name))
