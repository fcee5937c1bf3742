"""The API asked what nobody thought of: whatever its description allows, and what it does not, by Schemathesis.

No answer is a failure of the server, none has a status, a kind of content or a shape that the description does not say.
"""

from __future__ import annotations

import json

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from inotrope.patient.examples import read_example
from inotrope.web import Settings, create_app

LOADED = create_app(Settings(workers=2, hosts=("testserver", "localhost")))
API = schemathesis.openapi.from_asgi("/api/v1/openapi.json", LOADED)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
SOUND = json.loads(read_example("measured-level"))
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]


@API.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=QUIET)
def test_no_answer_is_a_failure_and_each_is_as_described(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)
