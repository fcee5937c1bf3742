"""`inotrope new`: asks question after question, and writes a case; or writes a shipped example to start from.

Knows how to ask, to check each answer at once with the reader of cases, and to ask again: a medicine that is not known
is told at once, with the nearest that is, and stands when it is written again. Nothing is written before the
last answer, an existing file is never touched, and an empty answer means *unknown*, never *absent*.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from inotrope.cli.questions import Answers, Question, answer_of, further_questions, names_not_known, required_questions
from inotrope.errors import FileError, InotropeError, RequestError, one_line, shorten
from inotrope.patient.examples import read_example

_INTRODUCTION = """\
A case for one patient. Each answer is checked at once. Write every number with its unit: 82 kg, 1.1 mg/dL.
Where you do not know, press Enter: that is kept as unknown, and the plan will ask. 'none' means known to be none.
Where an earlier answer was wrong, write 'back': the question before is asked again.
Write no name and no number that would identify the patient. Ctrl-C ends; nothing is written before the end.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("file", metavar="FILE", nargs="?", default="case.json", help="by default case.json")
    says = "ask nothing, and write a shipped example to change: inotrope new child.json --from child-after-surgery"
    parser.add_argument("--from", dest="example", metavar="NAME", help=says)


def run(options: argparse.Namespace) -> int:
    """Ask, and write the case; or write a shipped example."""
    path = Path(options.file)
    _free(path)
    if options.example is not None:
        _write(path, read_example(options.example))
        name, example = one_line(str(path)), options.example
        print(f"Written: {name}, a copy of the shipped example {example}, whose patient is invented. Change in it what")
        print("differs: 'inotrope schema case' names every key. Leave out what you do not know, and set 'now' first.")
        print(f"Then plan it with: inotrope plan {shlex.quote(name)}")
        return 0
    print(_INTRODUCTION)
    try:
        document = _interview()
    except EOFError:
        print()
        raise RequestError("The answers ended before the last question. Nothing was written; start again.") from None
    _write(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    name = one_line(str(path))
    unknown = names_not_known(document)
    if unknown:
        print("\nNot known, and kept as written:", *(f"  - {one_line(says)}" for says in unknown), sep="\n")
    print(f"\nWritten: {name}. Plan it with: inotrope plan {shlex.quote(name)}")
    return 0


def _interview() -> dict[str, Any]:
    questions = list(required_questions())
    needed = len(questions)
    documents: list[dict[str, Any]] = [{}]  # one before each question, so that 'back' needs no undoing
    while len(documents) <= len(questions):
        after = _ask(questions[len(documents) - 1], documents[-1])
        if after is None:
            documents = documents[:-1] or documents
            continue
        documents.append(after)
        if len(documents) == needed + 1:
            questions[needed:] = further_questions(after)
    return documents[-1]


def _ask(question: Question, document: dict[str, Any]) -> dict[str, Any] | None:
    """Ask until the answer is whole; None where the question before is wanted.

    An empty answer leaves the document as it is, but for what the question itself takes back.
    """
    while True:
        answers = _answers(question, document)
        if answers is None:
            print("  This needs every part of the answer. Once more:")
            continue
        if not answers:
            if not question.required:
                return _left(question, document)
            print("  This one is needed: no plan stands without it.")
            continue
        if "back" in map(answer_of, answers.values()):
            return None
        candidate = _with(question, document, answers)
        if question.repeats and answer_of(next(iter(answers.values()))) != "none":
            document = candidate
            continue
        return candidate


def _left(question: Question, document: dict[str, Any]) -> dict[str, Any]:
    if question.leave is None:
        return document
    candidate = copy.deepcopy(document)
    question.leave(candidate)
    return candidate


def _answers(question: Question, document: dict[str, Any]) -> Answers | None:
    """Return the answer by its parts, nothing when the first part is empty, None when a later one is missing.

    Each part is checked where it is asked, with what stands in for those that follow, and asked again until it is
    sound: nobody writes three more lines to learn that the first was wrong.
    """
    answers: Answers = {}
    doubted: set[str] = set()
    for number, (key, prompt) in enumerate(question.prompts):
        while True:
            text = input(f"{prompt}: ").strip()
            if not text and key == "end":
                break
            if not text:
                return None if answers else {}
            if answer_of(text) == "back":
                return {**answers, key: text}
            tried = {**answers, key: text}
            try:
                candidate = _with(question, document, {**_standing_in(question, document, number + 1), **tried})
            except InotropeError as problem:
                print(f"  {one_line(problem.says)}")
                continue
            if _is_doubted(question, candidate) and text not in doubted and sys.stdin.isatty():
                doubted.add(text)
                print("  Write it right, or write the same once more to keep it as it is.")
                continue
            answers = tried
            break
        if number == 0 and question.repeats and answer_of(answers.get(key, "")) == "none":
            break
    return answers


def _is_doubted(question: Question, candidate: dict[str, Any]) -> bool:
    """Tell at once what is doubted of a sound answer.

    Nobody is asked again who is not there: a next line would be the answer to another question. It is told at the end.
    """
    says = () if question.doubts is None else question.doubts(candidate)
    for sentence in says:
        print(f"  {one_line(sentence)}")
    return bool(says)


def _standing_in(question: Question, document: dict[str, Any], number: int) -> Answers:
    """Return what stands in for the parts from a number on, so that those before can be checked; never written."""
    words = {"at": document.get("now", ""), "start": document.get("now", ""), "duration": "10 min"}
    return {name: words[name] for name, _ in question.prompts[number:] if name in words}


def _with(question: Question, document: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """Return the document with the answer in it; raises what the reader of cases finds wrong with it."""
    candidate = copy.deepcopy(document)
    question.put(candidate, answers)
    question.check(candidate)
    return candidate


def _free(path: Path) -> None:
    """Prove that the file can be written, before the first of a hundred answers is given."""
    if str(path) == "-":
        raise FileError("'-' is no name of a file. Write one, such as case.json.", value="-")
    if path.is_symlink() or path.exists():
        raise FileError(f"'{shorten(str(path))}' exists already and is left alone. Name another file.", value=str(path))
    if not path.parent.is_dir():
        raise FileError(f"'{shorten(str(path.parent))}' is no folder. Name a file in one that exists.", value=str(path))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        says = f"Nothing can be written into '{shorten(str(path.parent))}'. Name a file in another folder."
        raise FileError(says, value=str(path))


def _write(path: Path, text: str) -> None:
    """Write a file that does not exist yet, whole or not at all."""
    made = False
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            made = True
            stream.write(text)
    except (OSError, ValueError) as problem:
        if made:
            path.unlink(missing_ok=True)
        why = getattr(problem, "strerror", None) or "a character that no text can hold"
        raise FileError(f"'{shorten(str(path))}' cannot be written: {why}.", value=str(path)) from None
