"""Which version of the program computed an answer."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def program_version() -> str:
    """Return the installed version; one fact, kept in the package's metadata.

    Its folder is called `inotrope-<version>.dist-info`, in the first place of Python's path that has one. Only where
    none has is `importlib.metadata` asked, which first loads readers of mail, archives and the network.
    """
    for place in sys.path:
        found = sorted(Path(place or ".").glob("inotrope-*.dist-info"))
        if len(found) == 1:
            return found[0].name.removesuffix(".dist-info").partition("-")[2]
    from importlib.metadata import version  # noqa: PLC0415 - see above

    return version("inotrope")
