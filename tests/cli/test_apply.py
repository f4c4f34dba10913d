"""Applying as a user meets it: what is asked, what is refused before anything is sent, what is there afterwards."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable

import pytest
from workshop import COMMAND, SECONDS, Project, Run, Sandbox, jwt, name_in


def test_apply_then_plan_is_empty(served: Project, sandbox: Sandbox) -> None:
    names = served.write_many(5, is_embedded=True, max_duration=900, recording=None, interview_tone="Relaxed")
    run = served.applied()
    assert served.journal.exists() is False
    again = served.jmctl("plan", "--detailed-exitcode", "--format", "json")
    assert again.code == 0, again
    assert again.document["summary"] == {}
    assert [one["action"] for one in again.document["resource_changes"]] == ["keep"] * 5
    held = {row["id"]: row for row in sandbox.interviews()}
    assert len(held) == 5
    for row in served.state["interviews"]:
        assert name_in(held[row["id"]]["code"]) == row["name"]
        assert row["id"] in run.out
    assert [row["name"] for row in served.state["interviews"]] == names
    assert "No changes" in served.applied().out


def test_a_plan_of_nothing_costs_a_list_and_no_read(served: Project, sandbox: Sandbox) -> None:
    served.write_many(4)
    served.applied()
    before = sandbox.requests()["counts"]
    assert served.jmctl("plan").code == 0
    after = sandbox.requests()["counts"]
    assert after["merchant-interview-list"]["200"] == before.get("merchant-interview-list", {"200": 0})["200"] + 1
    assert after.get("job-interview-get") == before.get("job-interview-get")


def test_without_a_terminal_and_without_leave_nothing_is_applied(served: Project, sandbox: Sandbox) -> None:
    served.write_many(2)
    run = served.jmctl("apply", typed="yes\n")
    assert run.code == 6
    assert "hint: jmctl apply --auto-approve" in run.err
    assert "Plan: 2 to create" in run.out, "what would have been done is shown all the same"
    assert sandbox.interviews() == []
    assert not served.snapshot.exists()
    assert not served.journal.exists()


def on_terminal(project: Project, answer: bytes) -> tuple[int, str]:
    """Applies on a terminal at which somebody types `answer`."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "apply"],
        cwd=project.folder,
        env={**project.environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    asked = False
    while True:
        try:
            said += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if b"Only 'yes' does" in said and not asked:
            asked = True
            os.write(ours, answer)
    os.close(ours)
    return process.wait(SECONDS), said.decode()


@pytest.mark.parametrize("answer", [b"no\n", b"y\n", b"YES\n", b"\n", b"\x04"])
def test_whoever_does_not_say_yes_applies_nothing(answer: bytes, project: Project) -> None:
    project.write_many(1)
    code, said = on_terminal(project, answer)
    assert code in (6, 130)
    assert "Plan:" in said
    assert not project.snapshot.exists()
    assert project.jmctl("state", "list").out == ""


def test_whoever_says_yes_applies(project: Project) -> None:
    project.write_many(2)
    code, said = on_terminal(project, b"yes\n")
    assert code == 0, said
    assert len(project.state["interviews"]) == 2
    assert "\x1b[" in said, "a terminal gets colours"


def test_colours_are_for_terminals(project: Project) -> None:
    project.write_many(1)
    run = project.applied()
    assert "\x1b" not in run.out + run.err


def test_without_recipients_an_embedded_interview_is_refused_before_anything_is_sent(
    served: Project, sandbox: Sandbox
) -> None:
    served.configure(recipients=None)
    served.write_many(2)
    path = served.write("with-key", is_embedded=True)
    line = path.read_text().splitlines().index("  is_embedded: true") + 1
    run = served.jmctl("apply", "--auto-approve", "--format", "json")
    assert run.code == 6
    (problem,) = run.lines[-1]["problems"]
    assert problem["summary"] == "no recipients configured for the embed key"
    assert (problem["path"], problem["line"]) == ("interviews/with-key.yaml", line)
    assert sandbox.interviews() == []
    reads = {"merchant-interview-list", "merchant-status"}
    assert set(sandbox.requests()["counts"]) <= reads, "the other two were not sent either"
    assert served.jmctl("plan").code == 6, "a plan ends as its apply will"
    assert served.jmctl("plan", "--no-guards").code == 0, "planning needs no key"


def test_what_was_reviewed_is_what_is_applied(project: Project) -> None:
    project.write_many(2)
    digest = project.jmctl("plan", "--format", "json").document["digest"]
    project.write("interview-0001", description="Moved since")
    stale = project.jmctl("apply", "--auto-approve", "--expect", digest)
    assert stale.code == 6
    assert "the plan is not the one that was reviewed" in stale.err
    assert not project.snapshot.exists()
    digest = project.jmctl("plan", "--format", "json").document["digest"]
    assert project.applied("--expect", digest).code == 0
    assert project.jmctl("apply", "--auto-approve", "--expect", digest).code == 6, "it is done already"


def test_a_saved_plan_names_what_moved_since(project: Project) -> None:
    project.write_many(3)
    assert project.jmctl("plan", "--out", "plan.json").code == 0
    project.write("interview-0001", description="Moved since")
    project.write("late", name="Came later")
    stale = project.jmctl("apply", "--auto-approve", "--plan", "plan.json")
    assert stale.code == 6
    assert "interview-0001 (create -> create)" in stale.err
    assert "late (not there -> create)" in stale.err
    assert "interview-0000" not in stale.err
    assert project.jmctl("plan", "--out", "plan.json").code == 0
    assert project.applied("--plan", "plan.json").code == 0


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "null", '{"resource_changes": 7}', '{"resource_changes": [{}]}', '{"resource_changes": ["a"]}'],
)
def test_what_is_no_saved_plan_is_refused(content: str, project: Project, inside: Callable[..., Run]) -> None:
    project.write_many(1)
    (project.folder / "plan.json").write_text(content)
    run = inside(project, "apply", "--auto-approve", "--plan", "plan.json")
    assert run.code == 6, run
    assert "not a saved plan" in run.err


def test_a_saved_plan_of_another_environment_or_time_does_not_pass_for_this_one(project: Project) -> None:
    project.write_many(1)
    assert project.jmctl("plan", "--out", "plan.json").code == 0
    project.applied("--plan", "plan.json")
    project.write("interview-0000", description="Changed")
    assert project.jmctl("apply", "--auto-approve", "--plan", "plan.json").code == 6


def test_one_that_is_refused_does_not_stop_the_others(served: Project, sandbox: Sandbox) -> None:
    names = served.write_many(4)
    served.write(names[1], type="coaching")
    sandbox.switch(coaching_refused=True)
    run = served.jmctl("apply", "--auto-approve")
    assert run.code == 3, run
    assert {row["name"] for row in served.state["interviews"]} == {*names} - {names[1]}
    assert re.search(rf"failed +create +{names[1]}.*rejected with 422", run.out)
    assert served.jmctl("apply", "--auto-approve").code == 1, "nothing of it could be done this time"
    sandbox.switch(coaching_refused=False)
    served.applied()
    assert len(sandbox.interviews()) == 4


def test_busy_services_are_waited_for(served: Project, sandbox: Sandbox) -> None:
    served.write_many(4)
    sandbox.set_faults("rate_limit:create:count=3,retry_after=0.1")
    served.applied()
    assert sandbox.requests()["counts"]["job-interview-create-from-array"] == {"200": 4, "429": 3}
    assert len(sandbox.interviews()) == 4


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_before", "drop_after", "truncated"])
def test_a_create_of_which_nobody_knows_is_never_made_twice(fault: str, served: Project, sandbox: Sandbox) -> None:
    served.hurry()
    names = served.write_many(3)
    sandbox.set_faults(f"{fault}:create:count=1")
    first = served.jmctl("apply", "--auto-approve")
    assert first.code == 4, first
    sent = sandbox.requests()["counts"]["job-interview-create-from-array"]
    assert sum(sent.values()) == 3, "each was sent once"
    (doubtful,) = served.state["in_doubt"]
    assert doubtful["name"] in names
    served.jmctl("apply", "--auto-approve")
    marks = [row["code"] for row in sandbox.interviews()]
    assert len(marks) == len(set(marks))


def test_what_is_in_doubt_is_told_by_state_list(served: Project, sandbox: Sandbox) -> None:
    served.write_many(1)
    sandbox.set_faults("drop_after:create")
    assert served.jmctl("apply", "--auto-approve").code == 4
    assert served.jmctl("state", "list", "--format", "json").document == [
        {"kind": "Interview", "name": "interview-0000", "id": None, "status": "in doubt"}
    ]


def test_the_key_is_sealed_and_only_an_identity_opens_it(served: Project, sandbox: Sandbox) -> None:
    served.write("with-key", is_embedded=True)
    served.write("without-key")
    served.applied()
    (held,) = (row for row in sandbox.interviews() if row["embed_signing_key"])
    assert "BEGIN AGE ENCRYPTED FILE" in served.snapshot.read_text()
    plain = served.jmctl("output", "with-key").document
    assert plain == {
        "id": held["id"],
        "embed_id": held["embed_id"],
        "embed_url": f"https://try.interviewmojito.com/embed?embed_id={held['embed_id']}",
    }
    revealed = served.jmctl("output", "with-key", "--reveal").document
    assert revealed == plain | {"embed_signing_key": held["embed_signing_key"]}
    assert served.jmctl("output", "without-key", "--reveal").document == {
        "id": served.ids()["without-key"],
        "embed_id": None,
        "embed_url": None,
        "embed_signing_key": None,
    }
    (served.home / "config" / "jmctl" / "identity.txt").unlink()
    refused = served.jmctl("output", "with-key", "--reveal", "--format", "json")
    assert refused.code == 1
    assert refused.document["error"]["hint"] == "name a private key: --identity FILE"


def test_env_output_can_be_read_by_a_shell(served: Project, sandbox: Sandbox) -> None:
    served.write("with-key", is_embedded=True)
    served.applied()
    script = f'eval "$({COMMAND} output with-key --reveal --format env)"; printf "%s %s" "$ID" "$EMBED_SIGNING_KEY"'
    done = subprocess.run(
        ["sh", "-c", script], cwd=served.folder, env=served.environment, capture_output=True, text=True, check=True
    )
    (held,) = sandbox.interviews()
    assert done.stdout == f"{held['id']} {held['embed_signing_key']}"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-60, "the access token has expired"), (120, "the access token expires in 1"), (7200, None), (None, None)],
)
def test_a_token_that_has_ended_or_soon_will_is_spoken_of_before_applying(
    seconds: float | None, said: str | None, served: Project, sandbox: Sandbox
) -> None:
    served.write_many(1)
    token = "opaque" if seconds is None else jwt(seconds)
    run = served.jmctl("apply", "--auto-approve", JOBMOJITO_TOKEN=token)
    assert ("access token" in run.err) == (said is not None)
    assert said is None or said in run.err
    assert run.code == (1 if seconds == -60 else 0), run
    assert len(sandbox.interviews()) == (0 if seconds == -60 else 1)


def test_the_events_of_an_apply_are_json_lines(served: Project) -> None:
    served.write_many(3)
    run = served.applied("--format", "json")
    *results, end = run.lines
    assert sorted(line["name"] for line in results) == [f"interview-000{number}" for number in range(3)]
    assert {line["event"] for line in results} == {"result"}
    assert (end["event"], end["exit_code"]) == ("end", 0)
    assert json.loads(served.snapshot.read_bytes())["serial"] == 1
