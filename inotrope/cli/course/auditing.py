"""`inotrope course audit`: who did what and when, the last first, and whether the chain of it holds."""

from __future__ import annotations

import argparse
import json
from typing import Any

from inotrope.cli.course.opened import MUST_NOT_STAND, add_verb, opened
from inotrope.cli.written import whole
from inotrope.errors import one_line

SHOWN = 50


def add_verbs(under: Any) -> None:
    """Describe the verb."""
    audit = add_verb(
        under, "audit", "who did what and when, the last first; proves that nothing of it was changed", _audit
    )
    audit.add_argument("--rows", metavar="NUMBER", help=f"how many rows, else {SHOWN}")
    audit.add_argument("--course", metavar="ID", help="those of one course alone")


def _audit(options: argparse.Namespace) -> int:
    from inotrope.access.audit import Audit

    most = whole(options.rows, "--rows")
    with opened(options) as store:
        audit = Audit(store.database)
        rows = audit.rows(SHOWN if most is None else most, course=options.course or "")
        count, breaks = audit.verify()
    if options.json:
        listed = [{**_plain(row), "at": row.at.isoformat()} for row in rows]
        print(json.dumps({"rows": count, "breaks": breaks, "shown": listed}, indent=2))
    else:
        for row in rows:
            parts = (row.who or "unknown", row.did, row.course and f"course {row.course}", row.outcome)
            print(
                f"{row.number:6d}  {row.at.isoformat(timespec='seconds')}  {one_line('  '.join(filter(None, parts)))}"
            )
        for says in breaks:
            print(f"BROKEN: {says}")
        print(f"{count:,} row{'s' * (count != 1)}; {'the chain is broken' if breaks else 'the chain holds'}.")
    return MUST_NOT_STAND if breaks else 0


def _plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
