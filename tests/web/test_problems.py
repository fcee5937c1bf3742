"""An error at its field: by its place, by the value that it refuses, else above the form."""

from __future__ import annotations

import pytest

from inotrope.errors import RequestError
from inotrope.web.problems import at_field

FIELDS = {"hours": " 2 h, six ", "penalty": "many", "concentration": ""}


@pytest.mark.parametrize(
    ("problem", "field"),
    [
        (RequestError("no", where="penalty"), "penalty"),
        (RequestError("no", where="case: penalty"), "penalty"),
        (RequestError("no", value="2 h, six"), "hours"),
        (RequestError("no", value="many", where="elsewhere"), "penalty"),
        (RequestError("no", value="", where="elsewhere"), ""),
        (RequestError("no", value="few"), ""),
        (RequestError("no"), ""),
    ],
)
def test_an_error_stands_at_its_field(problem: RequestError, field: str) -> None:
    assert at_field(problem, FIELDS) == {field: "no"}


def test_an_error_that_speaks_of_a_field_stands_there() -> None:
    assert list(at_field(RequestError("The penalty is below 0.", value=-1.0), FIELDS)) == ["penalty"]


def test_a_value_too_long_to_repeat_is_known_all_the_same() -> None:
    assert at_field(RequestError("no", value="x" * 500), {"hours": "x" * 500}) == {"hours": "no"}
