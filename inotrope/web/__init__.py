"""The bedside page and its JSON API: the whole of the program in a browser, on this machine alone.

Everything shown comes from `plan` and is drawn by `display`; there is no arithmetic here, and no patient is kept: a
case travels in the page. The web packages are loaded when an application is made, and never on the way of a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.web.app import create_app
    from inotrope.web.settings import Settings

__all__ = ["Settings", "create_app"]

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a name from the file it lives in (PEP 562)."""
        if name == "create_app":
            from inotrope.web.app import create_app  # noqa: PLC0415 - see above

            return create_app
        if name == "Settings":
            from inotrope.web.settings import Settings  # noqa: PLC0415 - see above

            return Settings
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
