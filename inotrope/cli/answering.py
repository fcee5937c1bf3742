"""One patient's answer, shown: as a page, and as text or JSON.

Knows the order: the page is written before anything is printed. It does not know what an answer says.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from inotrope.cli.cases import prepare_page, write_whole
from inotrope.errors import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from inotrope.display import Sheet


def page_of(options: argparse.Namespace) -> Path | None:
    """Return where the page goes, proved before anything is computed; None where none was asked for.

    Raises:
        FileError: There is no place for it, or something stands there that is not to be lost.
    """
    if options.html is None:
        return None
    return prepare_page(options.html, case=options.case, site=options.site, overwrite=options.overwrite)


def show(
    plain: Callable[[], dict[str, Any]],
    sheet: Callable[[bool], Sheet],
    options: argparse.Namespace,
    page: Path | None,
    *,
    brief: bool = False,
) -> None:
    """Write the page, whole, where one was asked for; then print JSON or text.

    Args:
        plain: Returns the answer as JSON has it; not called where text is shown.
        sheet: Returns the answer to look at, `True` for the brief one; not called for JSON alone, whose path imports
            no drawing.
        options: What the command line said.
        page: Where the page goes.
        brief: Whether the text is the brief one; the page is never.
    """
    if page is not None:
        from inotrope.display import to_html

        write_whole(page, to_html(sheet(False)))
    if options.json:
        print(json.dumps(plain(), indent=2))
        return
    from inotrope.display import draw

    draw(sheet(brief), sys.stdout)
    if page is not None:
        print(f"\nPage written: {one_line(options.html)}")
