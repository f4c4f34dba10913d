"""Attacks on what is shown and recorded: echoed tokens, proxy passwords, commands for CI logs, values on lines."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop import Project, Run

from reconciler.api.cause import cause_of
from reconciler.api.connection import Connection, Endpoint
from reconciler.api.outcome import of_error, of_refusal
from reconciler.cli.write import json_without_commands, without_commands
from reconciler.errors import Misconfigured, Misused
from reconciler.secret import MASK, Secret, redacted
from reconciler.views.output_formats import dotenv_text, env_text, github_text, mask_commands, secret_document

Inside = Callable[..., Run]
KEY = "canary/key+with=signs&%"


# -- the redactor


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        f"Bearer {KEY}",
        quote(KEY, safe=""),
        json.dumps({"a": KEY}),
        *(base64.b64encode(b"x" * before + KEY.encode() + b"tail").decode() for before in range(6)),
        *(base64.urlsafe_b64encode(b"x" * before + KEY.encode() + b"tail").decode() for before in range(6)),
    ],
)
def test_a_secret_is_masked_in_every_spelling(written: str) -> None:
    secret = Secret(KEY)
    masked = redacted(f"before {written} after")
    assert MASK in masked
    assert KEY not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert secret.reveal() == KEY


def test_short_words_and_forgotten_secrets_are_not_masked() -> None:
    kept = Secret("sandbox")
    assert redacted("the sandbox") == "the sandbox"
    assert kept.reveal() == "sandbox"
    gone = Secret("only-for-a-moment")
    del gone
    assert redacted("only-for-a-moment") == "only-for-a-moment"


def test_what_a_gateway_repeats_is_neither_shown_nor_recorded() -> None:
    secret = Secret(KEY)
    body = json.dumps({"error": f"no access for Bearer {KEY}"}).encode()
    for status in (400, 403, 500, 502):
        assert KEY not in repr(of_refusal(httpx.Response(status, content=body)))
    assert KEY not in repr(of_error(httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'")))
    assert secret


def test_causes_are_told_in_words_of_our_own() -> None:
    error = httpx.ConnectError("a library's words")
    error.__cause__ = ConnectionRefusedError(111, "anything at all")
    assert cause_of(error) == "ConnectError: connection refused"
    assert cause_of(httpx.ReadTimeout("words")) == "ReadTimeout"


@pytest.mark.parametrize(
    "proxy", ["http://u:hunter2CANARY/x@h:1", "http://u:hunter2CANARY#@h:1", "http://u:a?hunter2CANARY@h:1"]
)
def test_the_password_of_a_proxy_is_not_repeated(proxy: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        Connection(Endpoint("https://cool.jobmojito.com"), 1, {"HTTPS_PROXY": proxy})
    assert "CANARY" not in str(raised.value.problems)


# -- commands for CI logs

COMMANDS = [
    "::add-mask::a",
    "  ::set-output name=x::y",
    "text\n::error::x",
    "##[group]x",
    "x ##vso[task.setvariable variable=PATH]/evil",
    "##VSO[task.setvariable]x",
    "##teamcity[buildStatus text='x']",
    "a ##[add-mask]b",
]


def obeyed(text: str) -> bool:
    """Whether a CI system would take a line of `text` for a command."""
    lowered = text.lower()
    return any(mark in lowered for mark in ("##[", "##vso[", "##teamcity[")) or any(
        line.lstrip().startswith("::") for line in text.splitlines()
    )


@pytest.mark.parametrize("text", COMMANDS)
def test_no_command_survives(text: str) -> None:
    assert obeyed(text)
    assert not obeyed(without_commands(text))
    document = json.dumps({"answer": text})
    assert json.loads(json_without_commands(document)) == {"answer": text}
    assert not obeyed(json_without_commands(document))


@given(st.text(alphabet=" :#[]vso\nteamcity", max_size=40))
def test_no_text_is_a_command(text: str) -> None:
    assert not obeyed(without_commands(text))


@pytest.mark.parametrize("variables", [{"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}, {"TEAMCITY_VERSION": "1"}, {}])
def test_a_description_gives_no_command_to_the_log(
    project: Project, inside: Inside, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    project.variables |= variables
    path = project.write("alpha", description="x ##vso[task.setvariable variable=PATH]/evil\n::add-mask::a")
    path.rename(path.with_name("##vso[a.yaml"))
    for words in (["plan"], ["plan", "--format", "json"], ["show", "alpha"], ["validate"]):
        run = inside(project, *words)
        assert obeyed(run.out + run.err) is (not variables and "##vso[" in run.out + run.err), words
    document = inside(project, "plan", "--format", "json").document
    assert document["resource_changes"][0]["change"]["after"]["description"].startswith("x ##vso[task"), (
        "JSON means the same"
    )


# -- values for other programs


def values(**others: Any) -> dict[str, str | None]:
    return {"id": "i-1", "embed_id": "e-1", "embed_url": "https://h/?embed_id=e-1", "embed_signing_key": KEY, **others}


def test_a_shell_reads_what_env_prints() -> None:
    hostile = "a'b\"c $(touch /ran) `id` \\"
    for text in (env_text, dotenv_text):
        script = f'{text(values(embed_id=hostile))}\nprintf %s "$EMBED_ID"'
        done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
        assert done.stdout.decode() == hostile


@pytest.mark.parametrize("text", [env_text, dotenv_text, lambda given: github_text(given, "end")])
def test_a_line_break_begins_no_other_variable(text: Callable[..., str]) -> None:
    with pytest.raises(Misused):
        text(values(embed_id="e\nLD_PRELOAD=/evil"))


def test_github_masks_before_anything_else(project: Project, inside: Inside, tmp_path: Path) -> None:
    project.write("alpha", is_embedded=True)
    assert inside(project, "apply", "--auto-approve").code == 0
    key = inside(project, "output", "alpha", "--reveal").document["embed_signing_key"]
    output = tmp_path / "output"
    project.variables |= {"GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true"}
    run = inside(project, "output", "alpha", "--reveal", "--format", "github")
    assert run.out == f"::add-mask::{key}\n"
    first, *_, last = output.read_text().splitlines()
    assert first.startswith("id<<jmctl-")
    assert last == first.partition("<<")[2]
    assert key in output.read_text()
    secret = inside(project, "output", "alpha", "--reveal", "--format", "k8s-secret").document
    assert base64.b64decode(secret["data"]["embed_signing_key"]).decode() == key
    assert f"EMBED_SIGNING_KEY={key}" in inside(project, "output", "alpha", "--reveal", "--format", "gitlab").out


def test_without_reveal_no_format_has_the_key(project: Project, inside: Inside, tmp_path: Path) -> None:
    project.write("alpha", is_embedded=True)
    inside(project, "apply", "--auto-approve")
    project.variables["GITHUB_OUTPUT"] = str(tmp_path / "output")
    for form in ("json", "env", "dotenv", "gitlab", "github", "k8s-secret"):
        assert "signing_key" not in inside(project, "output", "alpha", "--format", form).out.lower()
    assert "signing_key" not in (tmp_path / "output").read_text()
    assert mask_commands({"id": "1"}) == ""
    assert secret_document("a", {"id": None})["data"] == {"id": ""}


def test_no_core_is_dumped_while_secrets_are_held(project: Project, inside: Inside) -> None:
    import resource

    inside(project, "validate")
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
