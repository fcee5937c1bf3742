"""The laws run without the counting of covered lines: it makes them three times slower, and no law is there to cover.

That every line of dosing and safety is run stands on the tests that mirror them, one by one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(counting)
