"""Where a case comes from on the command line, and where a page goes.

Knows files, standard input and the shipped examples, and that a file is written whole or not at all. It does not know
what a case means.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.errors import CaseError, FileError, RecordError, RequestError, nearest, one_line, shorten
from inotrope.patient.examples import EXAMPLES, examples

if TYPE_CHECKING:
    from inotrope.drug import Site
    from inotrope.fhir.reading import Reading
    from inotrope.patient import Case
    from inotrope.units import Quantity

OVERRIDE_BY = '--override {rule}="why, and who decided"'
"""How a stop is set aside on the command line."""
_OWN_PAGE = b"<!DOCTYPE html>"
"""How every page of ours begins."""


def add_case_options(parser: argparse.ArgumentParser) -> None:
    """Add what `plan`, `screen` and `target` take alike."""
    parser.add_argument("case", metavar="CASE", help="a file, '-' for standard input, or the name of a shipped example")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    parser.add_argument(
        "--override",
        metavar="RULE=REASON",
        action="append",
        default=[],
        help="set a stop aside, with the reason, where its rule allows that; may be repeated",
    )
    parser.add_argument(
        "--assume-kidney", metavar="QUANTITY", help="a creatinine clearance to assume: '60 mL/min/1.73 m2'"
    )
    parser.add_argument("--site", metavar="FILE", help="the hospital's own site.toml")
    add_now(parser)


def add_now(parser: argparse.ArgumentParser) -> None:
    """Add the moment of a record, which says none itself."""
    parser.add_argument("--now", metavar="TIME", help="the moment of planning of a FHIR Bundle; by default this minute")


def find_case(written: str, now: str | None = None) -> Case:
    """Read the case that was named, or make it from a FHIR Bundle of that name.

    Args:
        written: A file, `-`, or a shipped example.
        now: The moment of planning of a Bundle; None for this minute.

    Raises:
        FileError: Not readable, or neither a file nor a shipped example; the nearest examples are named.
        CaseError, UnitError: It says something meaningless.
        RecordError: A Bundle makes no case by itself.
        RequestError: An order in place of a case; a moment beside a case, which says its own.
    """
    case, record = find_case_and_record(written, now)
    if record is not None:
        tell_of_the_record(record, written)
    return case


def tell_of_the_record(record: Reading, written: str) -> None:
    """Say on stderr, where the answer itself does not, what became of the record and what in it is in conflict."""
    counts = f"{len(record.used)} used, {len(record.left_out)} left out, {len(record.conflicts)} in conflict"
    lines = [f"from a FHIR record: {counts}; 'inotrope fhir read {shorten(written)}' lists them."]
    lines += [f"in conflict: {item.says}" for item in record.conflicts]
    lines += record.notes
    for line in lines:
        print(f"inotrope: {one_line(line)}", file=sys.stderr)


def find_case_and_record(written: str, now: str | None = None) -> tuple[Case, Reading | None]:
    """Return the case as `find_case` does, and the reading of the record where it was one."""
    from inotrope.files import LARGEST_FILE
    from inotrope.patient import read_case

    path = Path(written)
    looks_like_a_file = path.suffix != "" or path.name != written
    if written == "-" or looks_like_a_file or is_file(path):
        name = "standard input" if written == "-" else path.name
        content = (sys.stdin.buffer.read(LARGEST_FILE + 1) or b"") if written == "-" else None
        try:
            case = read_case(path) if content is None else read_case(content, name=name)
        except CaseError as problem:
            reading = _record_in(path if content is None else content, name, now)
            if reading is not None:
                return _case_of(reading, written), reading
            if content is not None or not _is_order(path):
                raise
            says = f"This is an order, and no patient's case. To check it: inotrope order {shorten(written)}."
            raise RequestError(says, value=written, accepted="a case", where=path.name) from problem
        return _without_a_moment(case, now), None
    if written not in examples():
        raise FileError(
            f"'{shorten(written)}' is neither a file nor a shipped example; {nearest(written, examples())}.",
            value=written,
            accepted=f"a file, '-', or one of: {', '.join(examples())}",
        )
    return _without_a_moment(read_case(EXAMPLES / f"{written}.json"), now), None


def _case_of(reading: Reading, written: str) -> Case:
    """Return the case of a record, or the error that also says how to complete it."""
    try:
        return reading.to_case()
    except RecordError as problem:
        problem.says += f" 'inotrope fhir read {shorten(written)} --case' writes the case so far, to be completed."
        raise


def _without_a_moment(case: Case, now: str | None) -> Case:
    if now is not None:
        says = f"--now '{shorten(now)}' is for a FHIR Bundle. A case says its own 'now'."
        raise RequestError(says, value=now, accepted="a FHIR Bundle, or no --now")
    return case


def _record_in(source: Path | bytes, name: str, now: str | None) -> Reading | None:
    """Return the reading of a FHIR Bundle; None for any other document."""
    from inotrope.fhir.reading import is_bundle, read_bundle
    from inotrope.files import decode, read_bytes, read_json

    document = read_json(decode(read_bytes(source) if isinstance(source, Path) else source, name), name)
    return read_bundle(document, now=moment_of(now)) if is_bundle(document) else None


def moment_of(now: str | None) -> datetime:
    """Return the moment that was written, or this minute by this machine's clock and zone."""
    from inotrope.units import read_time

    if now is None:
        return datetime.now().astimezone().replace(second=0, microsecond=0)
    return read_time(now, what="--now")


def case_text_of(written: str) -> str:
    """Return the text of the case that was named, as `find_case` finds it; it is not read yet.

    Raises:
        FileError: Not readable, or neither a file nor a shipped example.
    """
    from inotrope.files import LARGEST_FILE, decode, read_bytes

    if written == "-":
        return decode(sys.stdin.buffer.read(LARGEST_FILE + 1) or b"", "standard input")
    path = Path(written)
    if not (path.suffix != "" or path.name != written or is_file(path)) and written in examples():
        path = EXAMPLES / f"{written}.json"
    return decode(read_bytes(path), path.name)


def _is_order(path: Path) -> bool:
    """Tell whether what was given for a case is an order: every key of it is one of an order."""
    from inotrope.files import decode, read_bytes, read_json
    from inotrope.order.form import KEYS

    document = read_json(decode(read_bytes(path), path.name), path.name)
    return isinstance(document, dict) and bool(set(document) - {"drug"}) and set(document) <= set(KEYS)


def is_file(path: Path) -> bool:
    """Tell whether a file of that name can be looked at."""
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):
        return False


def read_overrides(written: list[str]) -> dict[str, str]:
    """Return the reason by rule id.

    Raises:
        RequestError: Not of the form RULE=REASON, without a reason that says why, or a rule twice.
    """
    from inotrope.safety.overrides import SHORTEST_REASON

    found: dict[str, str] = {}
    for text in written:
        rule, equals, reason = (part.strip() for part in text.partition("="))
        if not (rule and equals and reason):
            says = f"'{shorten(text)}' is not an override. {_no_override(rule)}"
            raise RequestError(says, value=text, accepted="RULE=REASON")
        if len(reason) < SHORTEST_REASON or reason.strip("\"'.<>[] ").lower() in ("reason", "the reason"):
            says = (
                f"The reason '{shorten(reason)}' for overriding '{shorten(rule)}' says too little. In "
                f"{SHORTEST_REASON} characters or more, write why the stop is set aside and who decided, such as "
                '"bridge to valve surgery tonight, Dr. Adams".'
            )
            raise RequestError(says, value=reason, accepted=f"{SHORTEST_REASON} characters or more")
        if rule in found:
            raise RequestError(f"Rule '{shorten(rule)}' is overridden twice. Give one reason.", value=rule)
        found[rule] = reason
    return found


def _no_override(rule: str) -> str:
    """Return what to write in place of an override without a reason, or of one that no rule has."""
    from inotrope.drug import list_drugs, load_drug

    rules = {item.id: name for name in list_drugs() for item in load_drug(name).rules}
    if rule in rules:
        return f'It lacks the reason. Write {rule}="why, and who decided".'
    near = f" '{shorten(rule)}' is no rule; {nearest(rule, rules)}." if rule else ""
    where = " or ".join(f"'inotrope drug show {name} --section rules'" for name in dict.fromkeys(rules.values()))
    return f'Write the rule, and why: RULE="why, and who decided".{near} {where} lists the rules.'


def read_assumed(written: str | None) -> Quantity | None:
    """Return the kidney function to assume, or None where none was given."""
    from inotrope.units import read_quantity

    if written is None:
        return None
    return read_quantity(written, what="Assumed kidney function", dimensions=("flow per body surface area",))


def read_site_file(written: str | None) -> Site | None:
    """Return the site's settings, or None where no file was given."""
    from inotrope.drug import read_site

    return None if written is None else read_site(Path(written))


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Add the page that `plan`, `fit` and `target` write beside what they show."""
    parser.add_argument("--html", metavar="FILE", help="also write one self-contained page to print")
    parser.add_argument(
        "--overwrite", action="store_true", help="let what is written take the place of an older file of that name"
    )


def prepare_page(written: str, *, case: str, site: str | None = None, overwrite: bool = False) -> Path:
    """Return where a page will be written, before anything is computed.

    Args:
        written: Its name.
        case: The case that is read.
        site: The hospital's own file, where one is read.
        overwrite: Whether an older page of that name may be lost; what is no page of ours never is.

    Raises:
        FileError: The folder does not exist, or what stands there is no ordinary file, is read by this very command, is
            anything but an older page, or is one and nobody said that it may be lost.
    """
    path = Path(os.path.realpath(written)) if written not in ("", "-") else None
    if path is None or not path.parent.is_dir():
        says = f"'{shorten(written)}' is no place for a page: name a file in a folder that exists."
        raise FileError(says, value=written, accepted="the name of a file, such as plan.html")
    if path.exists() and not path.is_file():
        raise FileError(f"'{shorten(written)}' is not an ordinary file. Name another.", value=written)
    for read, what in ((0 if case == "-" else case, "the case itself"), (site, "the site's own file")):
        if read is not None and is_same(path, read):
            raise FileError(f"'{shorten(written)}' is {what}. Name another file for the page.", value=written)
    if path.exists() and not _is_page(path):
        says = f"'{shorten(written)}' exists already, is no page of ours and is left alone. Name another file."
        raise FileError(says, value=written)
    if path.exists() and not overwrite:
        says = f"'{shorten(written)}' exists already and is left alone. Name another file, or add --overwrite."
        raise FileError(says, value=written, accepted="a new file, or --overwrite")
    return path


def prepare_file(
    written: str, option: str, endings: tuple[str, ...], *read: str | int | None, overwrite: bool, example: str
) -> Path:
    """Return where a file will be written, before anything is computed.

    Args:
        written: Its name.
        option: That names it, such as `--out`.
        endings: Which are accepted, with their dot.
        read: What else the command reads; 0 for standard input.
        overwrite: Whether an older file of that name may be lost.
        example: A name that would do.

    Raises:
        FileError: Another ending; no folder; no ordinary file; a file that is read by this very command; or one that
            exists already, where nobody said that it may be lost.
    """
    path = Path(os.path.realpath(written)) if written not in ("", "-") else None
    if path is None or not path.parent.is_dir() or path.is_dir():
        says = f"{option} '{shorten(written)}' is no place for a file: name one in a folder that exists."
        raise FileError(says, value=written, accepted=f"the name of a file, such as {example}")
    if Path(written).suffix.lower() not in endings:
        listed = " or ".join(endings)
        says = f"{option} is '{shorten(written)}'. Name a file that ends in {listed}, such as {example}."
        raise FileError(says, value=written, accepted=listed)
    if any(other is not None and is_same(path, other) for other in read):
        raise FileError(f"'{shorten(written)}' is read by this very command. Name another file.", value=written)
    if path.exists() and not path.is_file():
        raise FileError(f"'{shorten(written)}' is not an ordinary file. Name another.", value=written)
    if path.exists() and not overwrite:
        says = f"'{shorten(written)}' exists already and is left alone. Name another file, or add --overwrite."
        raise FileError(says, value=written, accepted="a new file, or --overwrite")
    return path


def is_same(path: Path, other: str | int) -> bool:
    """Tell whether both are one file; a number is a stream that is open, such as 0 for standard input."""
    try:
        return os.path.samefile(path, other)  # noqa: PTH121 - a Path cannot be a number
    except (OSError, ValueError):
        return False


def _is_page(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_OWN_PAGE)) == _OWN_PAGE
    except OSError:
        return False


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside its place first, then in one move. Who may read it stays as it was.

    Raises:
        FileError: It cannot be written; nothing is left behind.
    """
    beside = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        with beside.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            if path.exists():
                beside.chmod(path.stat().st_mode & 0o777)
            stream.write(text)
        beside.replace(path)
    except OSError as problem:
        raise FileError(
            f"'{shorten(str(path))}' cannot be written: {problem.strerror}. Name another file.", value=str(path)
        ) from None
    finally:
        beside.unlink(missing_ok=True)
