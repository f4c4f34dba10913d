"""Two hundred creates over a network that breaks one connection in five, before or after the work."""

from __future__ import annotations

from collections import Counter

import pytest
from proxy import Proxy
from scene import check_keys, check_no_secret, remembered
from workshop import Project, Run, Sandbox, name_in, names_of

COUNT = 200
ONE_IN = 5


# A seed under which the first and the second run are hit and the third is not, as likely as not: else a third run
# could be hit too, once in a hundred times
@pytest.mark.parametrize(("requests", "runs", "seed"), [(5, 3, 401), (1, 12, 4)])
def test_two_hundred_creates_come_to_two_hundred_interviews(
    served: Project, sandbox: Sandbox, requests: int, runs: int, seed: int
) -> None:
    """With one request a connection a fifth of all requests is lost, in every run: then it takes a few more."""
    names = served.write_many(COUNT, is_embedded=True)
    port = int(served.endpoint.split(":")[2].split("/")[0])
    done: list[Run] = []
    with Proxy(port, one_in=ONE_IN, requests=requests, seed=seed) as proxy:
        served.endpoint = f"http://127.0.0.1:{proxy.port}/functions/v1"
        served.configure(timeouts={"total": 5, "connect": 5}, recovery={"grace": 0.5, "skew": 5})
        while len(done) < runs and (not done or done[-1].code != 0):
            done.append(served.jmctl("apply", "--auto-approve"))
            state, rows = remembered(served), sandbox.interviews()
            known = {entry.id for entry in state.entries.values()}
            lost = [row for row in rows if row["id"] not in known]
            assert {name_in(row["code"]) for row in lost} <= set(names_of(state.in_doubt)), "none is forgotten"
            assert max(Counter(row["code"] for row in rows).values()) == 1, "none is there twice"
    assert [run.code for run in done[:-1]] == [4] * (len(done) - 1), "an outcome was unknown, and it said so"
    assert done[-1].code == 0, done[-1].err[-2000:]
    assert Counter(name_in(row["code"]) for row in rows) == Counter(names)
    assert {entry.name: entry.id for entry in state.entries.values()} == {
        name_in(row["code"]): row["id"] for row in rows
    }
    assert all(entry.embed_signing_key for entry in state.entries.values())
    check_keys(state, rows, served)
    check_no_secret(served, rows, *(run.out + run.err for run in done))
    assert min(proxy.broken.values()) >= 3, "before and after"
    assert sum(proxy.broken.values()) > proxy.connections / ONE_IN * 0.7, "about one in five"
    print(  # noqa: T201 - for whoever wants the figures
        f"{len(done)} runs, {proxy.connections} connections, {proxy.passed} requests, broken: {dict(proxy.broken)}"
    )
