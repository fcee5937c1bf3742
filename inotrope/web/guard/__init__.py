"""What stands in front of every answer: who is asked, by whom, how much comes in, and what goes out with it."""

from inotrope.web.guard.headers import Headers

__all__ = ["Headers"]
