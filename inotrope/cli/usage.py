"""What is wrong with a command line before it is parsed: an option that nobody knows, a verb that is missing.

Knows which options and verbs a parser has. It does not know what they mean, and it parses nothing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence

from inotrope.errors import RequestError, nearest, shorten

_OPTION = re.compile(r"(?P<name>--?[A-Za-z][A-Za-z-]+)(?:=.*)?", re.DOTALL)
"""A word that argparse takes for an option, wherever it stands; a negative number and '-' alone are none."""


def prove_words(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Prove that each option and each verb is known, where argparse would only say that something is left over.

    Args:
        parser: The parser of the whole command; those of its verbs hang below it.
        words: What stands behind `inotrope`.

    Raises:
        RequestError: An option that is not known, with the nearest that are; a verb that is not known or missing. What
            the verbs do is then on stderr, as `--help` shows it.
    """
    at, verbs = parser, _verbs(parser)
    for word in words:
        if word == "--" or word in ("-h", "--help"):
            return
        if found := _OPTION.fullmatch(word):
            _prove_option(at, found["name"])
        elif not word.startswith("-") and verbs:
            if word not in verbs:
                says = f"'{shorten(word)}' is nothing that '{at.prog}' does; {nearest(word, verbs)}."
                raise RequestError(says, value=word, accepted=", ".join(verbs))
            at = verbs[word]
            verbs = _verbs(at)
    if verbs and at is not parser:
        if "--json" not in words:
            at.print_help(sys.stderr)
        listed = ", ".join(verbs)
        raise RequestError(f"Say what '{at.prog}' should do: {listed}.", accepted=listed)


def left_over(program: str, words: Sequence[str]) -> RequestError:
    """Return the error for words that no option and no place takes: nearly always a text without its quotes."""
    listed = shorten(" ".join(words))
    says = f"Nothing takes '{listed}'. A text with blanks stands in quotes, such as \"70 kg\"."
    return RequestError(f"{says} '{program} --help' shows what is accepted.", value=listed)


def _prove_option(at: argparse.ArgumentParser, written: str) -> None:
    known = _options(at)
    if written in known:
        return
    for verb in _verbs(at).values():
        if written in _options(verb):
            says = f"'{written}' is an option of '{verb.prog}'. Write it behind that."
            raise RequestError(says, value=written, accepted=", ".join(known))
    says = f"'{shorten(written)}' is no option of '{at.prog}'; {nearest('--' + written.lstrip('-'), known)}."
    raise RequestError(f"{says} '{at.prog} --help' shows what is accepted.", value=written, accepted=", ".join(known))


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [name for action in parser._actions for name in action.option_strings if name.startswith("--")]


def _verbs(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}
