"""The public key of the gateway before the service: configured, sent with every request, and no secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from workshop import Project, Run

Inside = Callable[..., Run]


def jwt(**claims: str) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return f"{head}.{body}.c2lnbmF0dXJl"


ANON = jwt(iss="supabase", ref="cool", role="anon")


@pytest.mark.parametrize("key", [ANON, "sb_publishable_A1b2C3"])
def test_a_gateway_that_asks_for_the_key_gets_it(project: Project, inside: Inside, key: str) -> None:
    project.write("one")
    assert inside(project, "sandbox", "set", "apikey_required=true").code == 0
    refused = inside(project, "orphans")
    assert refused.code == 1, refused
    assert "set `apikey` in jmctl.yaml" in refused.err
    project.configure(apikey=key)
    assert inside(project, "apply", "--auto-approve").code == 0
    assert inside(project, "plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    "key", [jwt(role="service_role"), jwt(role="authenticated", sub="me"), "sb_secret_A1b2C3", jwt(iss="supabase")]
)
def test_a_key_that_is_a_secret_is_refused_and_not_repeated(project: Project, inside: Inside, key: str) -> None:
    project.configure(apikey=key)
    run = inside(project, "validate")
    assert run.code == 1, run
    assert "secret in the configuration" in run.err
    assert key not in run.err
