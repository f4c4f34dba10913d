"""Where the token comes from, and what is known of its end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from workshop import jwt

from reconciler.errors import Unanswered
from reconciler.secret import Secret
from reconciler.token import find_token, seconds_left


def test_the_environment_comes_before_the_command() -> None:
    assert find_token("false", {"JOBMOJITO_TOKEN": "  from-the-environment\n"}).reveal() == "from-the-environment"


@pytest.mark.parametrize("command", ["echo 'a token'x", ("printf", "a-token"), "sh -c 'echo talk >&2; echo a-token'"])
def test_a_command_is_split_as_a_shell_would_and_no_shell_runs(command: str | tuple[str, ...]) -> None:
    if command == "echo 'a token'x":
        with pytest.raises(Unanswered, match="printed no token"):
            find_token(command, {})
        return
    assert find_token(command, {}).reveal() == "a-token"


def test_no_shell_expands_what_the_command_says() -> None:
    assert find_token("echo $HOME", {}).reveal() == "$HOME"


@pytest.mark.parametrize(
    ("command", "summary"),
    [
        (None, "no access token"),
        ("", "no access token"),
        ("false", "token_command failed"),
        ("no-such-command-anywhere", "token_command failed"),
        ("echo 'never closed", "token_command failed"),
        ("true", "token_command printed no token"),
        ("echo", "token_command printed no token"),
        ("printf 'two\\nlines'", "token_command printed no token"),
        ("printf '\\303\\244'", "token_command printed no token"),
    ],
)
def test_without_a_token_it_says_what_to_do(command: str | None, summary: str) -> None:
    with pytest.raises(Unanswered) as raised:
        find_token(command, {})
    (problem,) = raised.value.problems
    assert (problem.summary, bool(problem.hint)) == (summary, True)


def test_a_blank_variable_is_none() -> None:
    assert find_token("echo from-the-command", {"JOBMOJITO_TOKEN": " "}).reveal() == "from-the-command"


def test_the_command_runs_where_the_user_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert os.path.realpath(find_token("pwd", {}).reveal()) == os.path.realpath(tmp_path)


@pytest.mark.parametrize(
    "token", ["opaque", "", "a.b.c", "a.e30.c", "a.bnVsbA.c", "a.eyJleHAiOiJ4In0.c", "..", "a.Ä.c"]
)
def test_a_token_that_does_not_say_when_it_ends_has_no_known_end(token: str) -> None:
    assert seconds_left(Secret(token)) is None


@pytest.mark.parametrize("seconds", [-100.0, 100.0])
def test_a_jwt_says_when_it_ends(seconds: float) -> None:
    assert seconds_left(Secret(jwt(seconds))) == pytest.approx(seconds, abs=30)
