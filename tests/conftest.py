"""What holds for the whole suite."""

from __future__ import annotations

from hypothesis import settings

# No test asserts a time: a busy machine is no defect.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
