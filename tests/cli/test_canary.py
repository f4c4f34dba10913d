"""A token and keys that must not be seen: not in a file, not in what is said, not in the traceback of a bug."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from workshop import TOKEN, Project, Run, Sandbox, ended, wait_until

from reconciler.secret import Secret


def places(project: Project) -> Iterator[tuple[str, bytes]]:
    """Every file of the project and its home, but those that exist to hold secrets."""
    for folder in (project.folder, project.home):
        for path in folder.rglob("*"):
            if path.is_file() and path != project.identity:
                yield str(path), path.read_bytes()


def forms(secret: str) -> list[bytes]:
    """The secret as it stands, and in the disguises in which it could be spelled out by mistake."""
    data = secret.encode()
    return [data, base64.b64encode(data).rstrip(b"=")[:-1], data.hex().encode()]


def check(project: Project, secrets: list[str], *runs: Run) -> None:
    told = [("said", (run.out + run.err).encode()) for run in runs]
    for place, data in [*places(project), *told]:
        for secret in secrets:
            for form in forms(secret):
                assert form not in data, place


def keys(sandbox: Sandbox) -> list[str]:
    found = [row["embed_signing_key"] for row in sandbox.interviews()]
    assert all(found)
    return found


def test_neither_token_nor_keys_are_seen_in_the_life_of_an_interview(served: Project, sandbox: Sandbox) -> None:
    served.write_many(3, is_embedded=True)
    runs = [served.jmctl("plan"), served.applied(), served.jmctl("plan", "--format", "json")]
    served.write("interview-0000", description="Changed", is_embedded=True)
    runs += [served.applied("--format", "json"), served.jmctl("state", "show", "interview-0000")]
    runs += [served.jmctl("state", "show", "interview-0001", "--format", "json"), served.jmctl("state", "list")]
    runs += [served.jmctl("output", "interview-0000"), served.jmctl("drift"), served.jmctl("state", "verify")]
    check(served, [TOKEN, *keys(sandbox)], *runs)


@pytest.mark.parametrize("fault", ["error_after", "drop_after", "truncated", "invalid_json", "expired_token"])
def test_nor_when_the_service_misbehaves(fault: str, served: Project, sandbox: Sandbox) -> None:
    served.hurry()
    served.write_many(2, is_embedded=True)
    sandbox.set_faults(f"{fault}:create:count=2")
    run = served.jmctl("apply", "--auto-approve")
    assert run.code != 0
    check(served, [TOKEN, *keys(sandbox)], run)
    sandbox.set_faults()
    check(served, [TOKEN, *keys(sandbox)], served.jmctl("plan"), served.jmctl("apply", "--auto-approve"))


def test_nor_in_the_journal_of_a_killed_apply(served: Project, sandbox: Sandbox) -> None:
    served.write_many(20, is_embedded=True)
    sandbox.switch(latency_ms=60)
    process = served.start("apply", "--auto-approve", "--concurrency", "2")
    wait_until(lambda: served.journal.exists() and served.journal.read_bytes().count(b'"record":"created"') > 3)
    process.kill()
    run = ended(process)
    assert served.journal.exists()
    check(served, [TOKEN, *keys(sandbox)], run)


@pytest.mark.parametrize(
    "place", ["reconciler.engine.sealing.seal", "reconciler.api.decode.created", "reconciler.api.client.orjson.dumps"]
)
def test_nor_in_the_traceback_of_a_bug(
    place: str, served: Project, sandbox: Sandbox, inside: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug for this test")

    served.write_many(2, is_embedded=True)
    with monkeypatch.context() as patched:
        patched.setattr(place, broken)
        run = inside(served, "apply", "--auto-approve")
    assert run.code == 1
    assert "this is a bug in jmctl" in run.err
    assert "a bug for this test" in run.err
    check(served, [TOKEN, *(row["embed_signing_key"] for row in sandbox.interviews())], run)


def test_a_secret_shows_nothing_of_itself() -> None:
    secret = Secret(TOKEN)
    for text in (repr(secret), str(secret), f"{secret}", f"{secret:>40}", "%s" % secret, "{0!r}".format(secret)):  # noqa: UP030, UP031, UP032 - every way to write it
        assert TOKEN not in text
    with pytest.raises(TypeError):
        __import__("pickle").dumps(secret)
    with pytest.raises(TypeError):
        __import__("copy").deepcopy(secret)
    assert TOKEN not in str(getattr(secret, "__dict__", ""))
    assert secret.reveal() == TOKEN


def test_a_token_command_may_speak_on_stderr_and_its_output_is_not_repeated(served: Project, tmp_path: Path) -> None:
    served.write_many(1)
    del served.variables["JOBMOJITO_TOKEN"]
    script = tmp_path / "token"
    script.write_text(f"#!/bin/sh\necho '{TOKEN} and more'\n")
    script.chmod(0o755)
    served.variables["JMCTL_TOKEN_COMMAND"] = str(script)
    run = served.jmctl("apply", "--auto-approve")
    assert run.code == 1
    assert "token_command printed no token" in run.err
    check(served, [TOKEN], run)
    script.write_text(f"#!/bin/sh\necho renewing >&2\necho {TOKEN}\n")
    assert served.applied().code == 0
