from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import Invalid, Misconfigured, Where
from reconciler.project.cache import Cache
from reconciler.project.config import Config, Guards, load_config

FULL = """\
project: demo
manifests:
  - interviews/**/*.yaml
endpoint: https://api.example.com/v1/
state: remembered
recipients:
  - age1rat2ka3z3ptet3uas53zrfudnrxnrpxgtgr9zz9j9mwlsr89esms3zr80a
  - {name: Somebody, key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFOnq35V2eF78vodBJvAIfEajyi4gEsE52BSXKPWro1A somebody}
token_command: pass show jobmojito
concurrency: 16
timeouts: {connect: 5, total: 30.5}
embed_url: https://demo.interviewmojito.com/embed
guards: {max_destroy: 5}
environments:
  test:
    endpoint: sandbox:.sandbox
    token_command: [printf, token]
    manifests: [some/*.yaml, other/*.yaml]
    timeouts: {total: 5}
    guards: {max_destroy_minimum: 3}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "jmctl.yaml").write_text(text, encoding="utf-8")
    return folder


def test_little_is_needed(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, "project: demo\n"))
    assert config == Config(
        root=tmp_path,
        file=tmp_path / "jmctl.yaml",
        environment="default",
        project="demo",
        manifests=("interviews/**/*.yaml",),
        endpoint="https://cool.jobmojito.com/functions/v1",
        state="state",
        marks={(): (1, 1), ("project",): (1, 1)},
    )
    assert config.guards == Guards("30%", 10)


def test_everything_can_be_set(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, FULL))
    assert config.endpoint == "https://api.example.com/v1"
    assert config.state == "remembered"
    assert config.recipients[0].startswith("age1")
    assert config.named_recipients == {config.recipients[1]: "Somebody"}
    assert config.token_command == "pass show jobmojito"  # noqa: S105 - a command
    assert (config.concurrency, config.connect_timeout, config.total_timeout) == (16, 5, 30.5)
    assert config.guards == Guards(5, 10)
    assert config.sandbox is None


def test_an_environment_overrides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path, FULL))
    config = load_config(tmp_path, "test")
    assert config.environment == "test"
    assert config.project == "demo"
    assert config.sandbox == tmp_path / ".sandbox"
    assert config.token_command == ("printf", "token")
    assert (config.connect_timeout, config.total_timeout) == (5, 5)
    assert config.guards == Guards(5, 3)
    assert config.manifest_places == (Where("jmctl.yaml", 18, 17), Where("jmctl.yaml", 18, 30))
    assert config.at("project") == Where("jmctl.yaml", 1, 1)
    assert config.at("never") == Where("jmctl.yaml")


def test_an_environment_called_default_holds_what_no_env_means(tmp_path: Path) -> None:
    text = "project: demo\nenvironments:\n  default:\n    concurrency: 2\n"
    assert load_config(written(tmp_path, text)).concurrency == 2


def test_it_is_found_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = written(tmp_path, "project: demo\n") / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    config = load_config(Path())
    assert config.root == tmp_path
    assert config.at("project") == Where("../../jmctl.yaml", 1, 1)


def test_without_one_the_hint_is_init(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        load_config(tmp_path)
    assert caught.value.problems[0].summary == "no configuration found"
    assert "jmctl init" in caught.value.problems[0].hint


def test_an_unknown_environment_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        load_config(written(tmp_path, FULL), "tset")
    [problem] = caught.value.problems
    assert problem.detail == "`tset` is not among them: default, test"
    assert "did you mean `--env test`?" in problem.hint
    assert problem.where
    assert problem.where.line == 14


@pytest.mark.parametrize("environment", [None, "test"])
def test_the_cache_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: str | None) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    cold = load_config(written(tmp_path, FULL), environment, cache)
    monkeypatch.setattr("reconciler.project.config_validate.judge_settings", None)
    assert load_config(tmp_path, environment, cache) == cold


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    canary = "AGE-SECRET-KEY-1CANARYCANARYCANARY"
    for text in (f"project: {canary}\n", f"project: demo\n{canary}: [\n", f"project: demo\n# {canary}\nx: 1\n"):
        with pytest.raises(Invalid) as caught:
            load_config(written(tmp_path, text))
        assert "CANARY" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://host", True), ("http://localhost:8080", True), ("http://127.0.0.1:1/v1", True),
        ("http://[::1]:80", True),
        ("sandbox:.sandbox", True),
        ("http://host", False), ("http://localhost.evil.com", False), ("ftp://host", False),
        ("host", False), ("https://", False), ("https://u:p@host", False), ("https://host?a=b", False),
        ("sandbox:", False), ("https://[::1", False), ("file:///etc", False),
    ],
)  # fmt: skip
def test_tokens_travel_encrypted_or_not_at_all(tmp_path: Path, endpoint: str, allowed: bool) -> None:  # noqa: FBT001
    written(tmp_path, f'project: demo\nendpoint: "{endpoint}"\n')
    if allowed:
        assert load_config(tmp_path).endpoint == endpoint
    else:
        with pytest.raises(Invalid) as caught:
            load_config(tmp_path)
        assert caught.value.problems[0].where
        assert caught.value.problems[0].where.line == 2


def test_this_repository_is_configured() -> None:
    assert load_config(Path(__file__)).project
