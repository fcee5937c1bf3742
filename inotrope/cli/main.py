"""The `inotrope` command: which commands there are, and how each ends.

The one place where an error becomes one line (`inotrope: ...` on stderr, exit 2) or, with `--json`, the error object on
stdout. It imports a command's module only when that command is called, and knows nothing of what the command does.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn, TextIO

from inotrope.cli.usage import left_over, prove_words
from inotrope.errors import FileError, InotropeError, RecordError, RequestError, nearest, shorten

DONE, BAD_INPUT, REFUSED, INTERRUPTED, NOBODY_READS = 0, 2, 4, 130, 141
"""Exit codes beside those of a plan (3 must not stand); the last two are what a shell reports for Ctrl-C and
for a reader that closed the pipe."""

COMMANDS = {
    "plan": "a case in, a checked infusion plan out",
    "screen": "the safety findings for a case, alone",
    "fit": "what measured levels say of this patient, by every model that can be fitted",
    "target": "the rate that most probably keeps this patient in a range of levels, of those the plan allows",
    "simulate": "levels over time by a published model, of one patient or of many",
    "circulation": "what the drug is expected to do to this patient's heart and vessels; it selects no rate",
    "model": "list the published models, check a model file, show what one says",
    "dose": "a rate to a pump setting and back, and the weight x rate table",
    "order": "one infusion order, checked against itself and against its patient",
    "drug": "list, show or check the drugs of the library",
    "site": "check a hospital's own file against the library",
    "faq": "questions asked again and again, answered in general or for a case",
    "fhir": "read an electronic record (a FHIR R4 Bundle): the case it makes, what was used, left out and in conflict",
    "new": "ask question after question, and write a case; or write a shipped example to change",
    "course": "a patient's course kept: begun, looked at, proven, backed up",
    "serve": "the bedside page and its JSON API, in a browser on this machine",
    "schema": "print the JSON Schema of what goes in or comes out",
}
SHORT = (["plan"], ["screen"], ["fit"], ["target"])
"""One patient in a process of its own: looking for memory to free would take a fifth of its time, and frees none."""
_EXIT_CODES = (
    "Exit codes: 0 done; 2 bad input; 3 done, and what was checked must not stand; 4 refused, with the reason."
)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are ours: one sentence, raised."""

    def __init__(self, **more: Any) -> None:
        """Take no abbreviated options: `--over` must not come to mean something else one day."""
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing a page of usage."""
        sentence = message[:1].upper() + message[1:].rstrip(".")
        raise RequestError(f"{shorten(sentence, 300)}. '{self.prog} --help' shows what is accepted.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: What stands behind `inotrope`; by default that of this process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    short = arguments is None and words[:1] in SHORT
    if short:
        gc.disable()
    _speak_safely()
    try:
        code = _run(words)
        sys.stdout.flush()
    except InotropeError as problem:
        return _tell(problem, as_json="--json" in words)
    except KeyboardInterrupt:
        _say("inotrope: interrupted.", sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _silence(sys.stdout)
        return NOBODY_READS
    except OSError as problem:  # what a command opens by name it reports itself; this is a stream
        _silence(sys.stdout)
        what = "The output" if problem.filename is None else f"'{shorten(str(problem.filename))}'"
        says = f"{what} cannot be read or written: {problem.strerror}. Look at the disk or the pipe."
        return _tell(FileError(says), as_json=False)
    finally:
        if short:
            gc.freeze()  # nor at the end of the process
    return code


def _run(words: list[str]) -> int:
    for word in words:
        if not word.isprintable() and any("\ud800" <= mark <= "\udfff" for mark in word):
            says = f"'{shorten(word)}' holds a byte that is no text in this terminal's encoding. Write it in UTF-8."
            raise RequestError(says, value=word)
    parser = _parser(words)
    prove_words(parser, words)
    try:
        options, left = parser.parse_known_args(words)
    except SystemExit as leaving:  # --help and --version have printed what was asked
        return int(leaving.code or DONE)
    if left:
        raise left_over(" ".join(filter(None, (parser.prog, options.command))), left)
    if options.command is None:
        raise RequestError(f"Name a command: {', '.join(COMMANDS)}. 'inotrope --help' says what each does.")
    code: int = options.run(options)
    return code


def _parser(words: list[str]) -> Parser:
    """Return the parser; only the command that was called describes its options, since that costs time."""
    parser = Parser(
        prog="inotrope", description="From a patient and a drug page to a checked infusion plan.", epilog=_EXIT_CODES
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    called = next((word for word in words if not word.startswith("-")), None)
    if called is not None and called not in COMMANDS:
        says = f"'{shorten(called)}' is not a command; {nearest(called, COMMANDS)}."
        raise RequestError(says, value=called, accepted=", ".join(COMMANDS))
    under = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, says in COMMANDS.items():
        child = under.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.", epilog=_EXIT_CODES)
        if name == called:
            module = import_module(f"inotrope.cli.{name}")
            module.add_options(child)
            child.set_defaults(run=module.run)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> NoReturn:
        from importlib.metadata import version

        print(f"inotrope {version('inotrope')}")
        raise SystemExit(DONE)


def _tell(problem: InotropeError, *, as_json: bool) -> int:
    if as_json:
        _say(json.dumps(problem.to_plain(), indent=2), sys.stdout)
    else:
        _say(f"inotrope: {problem}", sys.stderr)
    return REFUSED if isinstance(problem, RecordError) and not problem.incomplete else BAD_INPUT


def _say(text: str, to: TextIO) -> None:
    """Say the last word; where it cannot be written, the exit code alone says it."""
    with suppress(OSError):  # what is left in the stream fails once more below
        print(text, file=to)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _silence(stream)


def _speak_safely() -> None:
    """Let no stream break the command: one that is closed leads nowhere, and no character is too much for one.

    What an encoding cannot show, and a byte that is no character, are written as a code.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8", errors="backslashreplace"))
        elif isinstance(stream, io.TextIOWrapper):
            with suppress(io.UnsupportedOperation):  # a program that calls `main` has read from it before
                stream.reconfigure(errors="backslashreplace")


def _silence(stream: TextIO) -> None:
    """Point a stream nowhere, so that closing it at the end of the process raises nothing."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
