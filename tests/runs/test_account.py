"""A state belongs to one account: another endpoint, merchant or environment is refused before anything is sent."""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from workshop import Project, Run, Sandbox, jwt

OTHER = "5b1d0000-0000-4000-8000-00000000000b"
Inside = Callable[..., Run]


def token_of(merchant: str) -> str:
    """An unsigned token of another merchant, from which the sandbox takes the account."""
    claims = {"exp": time.time() + 3600, "app_metadata": {"merchant_id": merchant}}
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2ln"


def counted(sandbox: Sandbox) -> Counter[str]:
    """How often each operation was asked for."""
    return Counter({name: sum(codes.values()) for name, codes in sandbox.requests()["counts"].items()})


def applied(inside: Inside, project: Project, *options: str) -> Run:
    return inside(project, "apply", "--auto-approve", *options)


def test_the_first_apply_records_the_account(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    account = served.state["account"]
    assert account["endpoint"] == sandbox.url
    assert account["merchant"] == inside(served, "whoami", "--format", "json").document["merchant"]


@pytest.mark.parametrize("command", [("plan",), ("apply", "--auto-approve"), ("drift",), ("destroy", "--auto-approve")])
def test_a_token_of_another_merchant_is_refused(
    served: Project, sandbox: Sandbox, inside: Inside, command: tuple[str, ...]
) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    served.write("b")
    before, mine = served.state, served.state["account"]["merchant"]
    served.variables["JOBMOJITO_TOKEN"] = token_of(OTHER)
    refused = inside(served, *command)
    assert refused.code == 6
    assert "the state belongs to another account" in refused.err
    assert mine in refused.err
    assert OTHER in refused.err
    assert served.state == before
    assert len(sandbox.interviews()) == 1


def test_another_endpoint_is_refused_and_nothing_is_asked(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    served.write("b")
    served.configure(endpoint=sandbox.url.replace("127.0.0.1", "localhost"))
    before = sandbox.requests()
    refused = applied(inside, served)
    assert refused.code == 6
    assert sandbox.url in refused.err
    assert "localhost" in refused.err
    assert sandbox.requests() == before


def test_an_account_that_moved_is_bound_again(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    served.configure(endpoint=sandbox.url.replace("127.0.0.1", "localhost"))
    assert inside(served, "state", "bind").code == 0
    done = applied(inside, served)
    assert (done.code, "No changes" in done.out) == (0, True)


def test_a_state_is_not_bound_to_an_account_that_shows_none_of_its_interviews(
    served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    sandbox.delete(sandbox.interviews()[0]["id"])
    assert inside(served, "state", "bind").code == 64


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        pytest.param({"merchant": OTHER}, 6, id="another merchant"),
        pytest.param({"environment": "nowhere"}, 6, id="another environment"),
        pytest.param({}, 0, id="nothing expected"),
    ],
)
def test_what_is_expected_of_the_account_is_checked(
    served: Project, sandbox: Sandbox, inside: Inside, expect: dict[str, Any], code: int
) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    served.configure(expect=expect)
    served.write("b")
    done = applied(inside, served)
    assert done.code == code, done
    assert len(sandbox.interviews()) == (2 if code == 0 else 1)
    if code:
        assert "jmctl.yaml:" in done.err


def test_planning_asks_once_more_and_says_for_whom(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    before = counted(sandbox)
    plan = inside(served, "plan")
    assert counted(sandbox) - before == Counter({"merchant-interview-list": 1, "merchant-status": 1})
    merchant = served.state["account"]["merchant"]
    assert plan.out.splitlines()[0] == f"tests · default · merchant {merchant} · 220 credits"
    before = counted(sandbox)
    offline = inside(served, "plan", "--no-refresh")
    assert "merchant" not in offline.out
    assert counted(sandbox) == before


def test_whoami_names_account_and_token(served: Project, inside: Inside) -> None:
    served.variables["JOBMOJITO_TOKEN"] = jwt(3600)
    told = inside(served, "whoami", "--format", "json").document
    assert told["project"] == "tests"
    assert told["merchant"]
    assert isinstance(told["credits"], int)
    assert 3500 < told["token_seconds"] <= 3600
    assert inside(served, "whoami").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("import", "b", "7d1e0000-0000-4000-8000-000000000009"),
        ("state", "verify", "--remote"),
        ("orphans",),
        ("resolve", "c", "--adopt", "7d1e0000-0000-4000-8000-000000000009"),
    ],
)
def test_commands_beside_apply_refuse_another_merchant(
    served: Project, sandbox: Sandbox, inside: Inside, command: tuple[str, ...]
) -> None:
    served.write("a")
    assert applied(inside, served).code == 0
    served.write("c")
    sandbox.set_faults("drop_before:create:count=1")
    assert applied(inside, served).code == 4
    sandbox.set_faults()
    served.write("b")
    served.variables["JOBMOJITO_TOKEN"] = token_of(OTHER)
    before = served.state
    refused = inside(served, *command)
    assert refused.code == 6, refused
    assert "the state belongs to another account" in refused.err
    assert served.state == before
