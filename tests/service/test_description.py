"""The OpenAPI description holds: what is generated from it is answered as it says."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

OPERATIONS = [
    ("/v1/identify", "POST"),
    ("/v1/explain", "POST"),
    ("/v1/bundle", "GET"),
    ("/health", "GET"),
    ("/ready", "GET"),
    ("/metrics", "GET"),
]
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def description(service):
    """The description, from the service itself."""
    return schemathesis.openapi.from_url(f"{service.address}/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), OPERATIONS[:2])
def test_forms_are_answered_as_described(description, path, method, mode):
    """Whatever fits the form's description, and what does not: status, type and shape are as described, never 500."""
    _check(description[path][method].as_strategy(generation_mode=mode), examples=15)


@pytest.mark.parametrize(("path", "method"), OPERATIONS[2:])
def test_answers_are_as_described(description, path, method):
    """The others take nothing."""
    _check(description[path][method].as_strategy(), examples=3)


def _check(strategy, examples):
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)
    @given(case=strategy)
    def answered(case):
        case.call_and_validate(checks=CHECKS)

    answered()


def test_every_way_in_is_described(service):
    """Each path with its responses, examples and problems."""
    found = service.get("/openapi.json").json()
    assert {(path, method.upper()) for path, item in found["paths"].items() for method in item} == set(OPERATIONS)
    post = found["paths"]["/v1/identify"]["post"]
    assert post["responses"]["200"]["content"]["application/json"]["example"][0]["verdict"] == "identified"
    assert "application/problem+json" in post["responses"]["503"]["content"]
    assert "ProblemDetails" in found["components"]["schemas"]
