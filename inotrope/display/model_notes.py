"""What must be read beside the numbers of any model: its conflicts, what is not known, and what was never read."""

from __future__ import annotations

from inotrope.simulation.answer import About


def notes_of(about: About) -> list[str]:
    """Return it, a sentence each."""
    told = [f"Known conflict: {item.says}" for item in about.conflicts]
    told += [f"Not known: {text}" for text in about.unknown]
    told += [f"Recalled and never read: {', '.join(about.unconfirmed)}."] if about.unconfirmed else []
    return told + ([f"This project's choice: {', '.join(about.judged)}."] if about.judged else [])
