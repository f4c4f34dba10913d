"""Tokens that are refused in the middle of an apply are replaced as often as needed, and nothing is lost."""

from __future__ import annotations

import pytest
from world import World, document, told

from reconciler.engine.project import Project
from reconciler.secret import Secret


def test_several_expiries_in_one_apply_lose_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def fetch(_: Project, refused: Secret | None = None) -> Secret:
        assert refused is None or refused.reveal() == fetched[-1]
        fetched.append(f"token-{len(fetched)}")
        return Secret(fetched[-1])

    monkeypatch.setattr("reconciler.engine.session.access_token", fetch)
    world.service.switch(token_lasts_requests=9)
    wanted = [document(f"n{number:02}", name=f"Interview {number}", max_duration=900) for number in range(12)]
    plan = world.plan(*wanted)
    fetched.clear()
    results = world.carry_out(plan.pending, looked_up=plan.looked_up)
    assert [(result.name, result.ending, result.detail) for result in results] == [
        (want["metadata"]["name"], "done", "") for want in wanted
    ]
    assert len(fetched) >= 4, "36 requests, nine with each token"
    assert len(world.service.dump()) == 12
    assert told(world.plan(*wanted)) == []
