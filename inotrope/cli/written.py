"""What options say in words: pairs of names, and whole numbers."""

from __future__ import annotations

from inotrope.errors import RequestError, shorten


def pairs(written: list[str], option: str, example: str) -> dict[str, str]:
    """Return what an option says of several names, each once.

    Raises:
        RequestError: One is no `NAME=VALUE`, or a name is given twice.
    """
    found: dict[str, str] = {}
    for text in written:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise RequestError(f"'{shorten(text)}' is no pair. Write {option} {example}.", value=text)
        if name in found:
            raise RequestError(f"'{shorten(name)}' is given twice. Give it once.", value=name)
        found[name] = value
    return found


def whole(written: str | None, option: str) -> int | None:
    """Return a whole number of 0 or more; None where nothing was written.

    Raises:
        RequestError: It is none.
    """
    if written is None:
        return None
    if not (written.isascii() and written.isdigit()):
        raise RequestError(f"{option} is '{shorten(written)}'. Write a whole number.", value=written)
    return int(written)
