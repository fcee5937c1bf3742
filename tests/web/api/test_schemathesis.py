"""The API asked what nobody thought of: whatever its description allows, and what it does not, by Schemathesis.

No answer is a failure of the server, none has a status, a kind of content or a shape that the description does not say.
The cases are drawn while a test runs: what is drawn while tests are collected, every worker draws for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from inotrope.web import Settings, create_app
from inotrope.web.api import PREFIX
from inotrope.web.api.described import described

if TYPE_CHECKING:
    import schemathesis

DESCRIPTION = f"{PREFIX}/openapi.json"
PATHS = [path for path in described()["paths"] if path != DESCRIPTION]
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]


@pytest.fixture(scope="module")
def api() -> schemathesis.BaseSchema:
    from schemathesis import openapi

    return openapi.from_asgi(DESCRIPTION, create_app(Settings(workers=2, hosts=("testserver", "localhost"))))


def ask(case: schemathesis.Case) -> None:
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as of_the_description

    asked = (
        checks.not_a_server_error,
        of_the_description.status_code_conformance,
        of_the_description.content_type_conformance,
        of_the_description.response_headers_conformance,
        of_the_description.response_schema_conformance,
        of_the_description.unsupported_method,
    )
    case.call_and_validate(checks=list(asked))


def test_schemathesis_knows_every_path(api: schemathesis.BaseSchema) -> None:
    assert [one.ok().path for one in api.get_all_operations()] == PATHS


@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize("path", PATHS)
def test_no_answer_is_a_failure_and_each_is_as_described(api: schemathesis.BaseSchema, path: str) -> None:
    from schemathesis.pytest.lazy import get_all_tests

    chosen = settings(max_examples=5, deadline=None, suppress_health_check=QUIET)
    one = api.include(path=path)
    (drawn,) = get_all_tests(schema=one, test_func=ask, settings=chosen, given_kwargs={})
    _, test = drawn.ok()
    test()
