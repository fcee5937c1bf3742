"""What a server writes to its log: one JSON object a line on stderr, with no patient and no token in it.

Knows the form alone. What is logged is named by the caller, field by field: nothing that somebody typed, no address of
a page with what stands behind `?`, no body. Other programs' messages go through the same form, on one line.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from inotrope.errors import shorten

_NAME = "inotrope"
_LONGEST = 300
_LOG = logging.getLogger(f"{_NAME}.access")


class Lines(logging.Formatter):
    """One JSON object a line: time, level, source, what happened, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line; of a failure its kind, never its text or trace."""
        plain: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "event": shorten(_said(record), _LONGEST),
        }
        plain |= {name: _shown(value) for name, value in getattr(record, "fields", {}).items()}
        if record.exc_info and record.exc_info[0] is not None:
            plain["failed"] = record.exc_info[0].__name__
        return json.dumps(plain, ensure_ascii=True)


def _said(record: logging.LogRecord) -> str:
    """Return the message; of what asyncio says of a failure the first line, since those below repeat its text."""
    said = record.getMessage()
    return said.partition("\n")[0] if record.name == "asyncio" else said


def begin() -> None:
    """Let everything that this process logs go to stderr, line by line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_NAME).setLevel(logging.INFO)
    logging.raiseExceptions = False  # a log that cannot be written would write a trace instead, with what failed


def log(event: str, **fields: object) -> None:
    """Log that something happened.

    Args:
        event: What, in a word or two.
        fields: What belongs to it, by name; nothing of a patient, no token, nothing that somebody typed.
    """
    _LOG.info(event, extra={"fields": fields})


def _shown(value: object) -> object:
    return value if isinstance(value, int | float | bool) or value is None else shorten(str(value), _LONGEST)
