"""Attacks on the access token: a branch that names its receiver or a command, tokens that no header carries."""

from __future__ import annotations

import http.server
import json
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from workshop import TOKEN, Project, Sandbox

from reconciler.errors import Refused
from reconciler.trust.hosts import check_token_host


class Listener:
    """A server on loopback that keeps the headers of every request."""

    def __init__(self) -> None:
        heard = self.heard = []  # type: ignore[var-annotated]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(dict(self.headers))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/functions/v1",
        "https://cool.jobmoj\u0456to.com/functions/v1",
        "https://xn--cool-abc.jobmojito.com/functions/v1",
        "https://cool.jobmojito.com.evil.example/functions/v1",
        "https://evil-jobmojito.com",
        "https://jobmojito.com@evil.example/",
        "http://cool.jobmojito.com/functions/v1",
        "https://127.0.0.1.evil.example/",
        "https://localhost.evil.example/",
        "https://cool.jobmojito.com\\@evil.example/",
        "https://evil.example\t.jobmojito.com/",
        "https://[::1",
        "ftp://cool.jobmojito.com/",
        "https:///functions/v1",
    ],
)
def test_an_address_that_is_not_the_services_is_refused(address: str) -> None:
    with pytest.raises(Refused) as raised:
        check_token_host(address)
    (problem,) = raised.value.problems
    assert problem.summary == "the endpoint may not receive the token"
    assert problem.detail.isascii(), "a look-alike letter is shown as its code"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://cool.jobmojito.com/functions/v1", ""),
        ("https://COOL.jobmojito.com/functions/v1", ""),
        ("https://jobmojito.com", ""),
        ("http://127.0.0.1:9/functions/v1", ""),
        ("http://[::1]:9", ""),
        ("http://localhost:9", ""),
        ("https://gateway.example/functions/v1", "other.example, gateway.example"),
        ("https://gateway.example:8443/functions/v1", "gateway.example:8443"),
        ("https://xn--gatewy-cva.example", "xn--gatewy-cva.example"),
    ],
)
def test_the_services_hosts_and_allowed_ones_may_have_the_token(address: str, allowed: str) -> None:
    check_token_host(address, allowed)


@pytest.mark.parametrize("allowed", ["gateway.example:443", "example", "*", "gateway.example.com"])
def test_only_the_very_host_and_port_are_allowed(allowed: str) -> None:
    with pytest.raises(Refused):
        check_token_host("https://gateway.example:8443/", allowed)


@pytest.mark.parametrize("words", [["plan"], ["apply", "--auto-approve"], ["drift"], ["results", "list"]])
def test_a_branch_that_names_another_host_sends_it_nothing(served: Project, words: list[str]) -> None:
    served.write("alpha")
    served.applied()
    served.configure(endpoint="https://evil.example/functions/v1")
    run = served.jmctl(*words, HTTPS_PROXY="http://127.0.0.1:9")  # would show as "connection refused"
    assert run.code == 6, run
    if words[0] == "apply":  # held back by the account that the state is bound to, before the host is looked at
        assert "the state belongs to another account" in run.err
        return
    assert "evil.example is not one of the service's hosts" in run.err
    assert "JMCTL_ALLOW_HOSTS" in run.err
    assert "jmctl.yaml:3:" in run.err


def test_an_allowed_host_is_asked(served: Project, listener: Listener) -> None:
    served.write("alpha")
    served.configure(endpoint="https://gateway.example/functions/v1", timeouts={"connect": 2, "total": 2})
    proxy = f"http://127.0.0.1:{listener.server.server_port}"
    run = served.jmctl("plan", JMCTL_ALLOW_HOSTS="gateway.example", HTTPS_PROXY=proxy)
    assert run.code == 1, "the proxy of this test does not connect"
    assert "may not receive" not in run.err


def leaves_a_file(project: Project, tmp_path: Path) -> Path:
    """A token_command in jmctl.yaml that leaves a file when it runs."""
    ran = tmp_path / "ran"
    project.write("alpha")
    project.applied()
    del project.variables["JOBMOJITO_TOKEN"]
    project.configure(token_command=["sh", "-c", f"touch {shlex.quote(str(ran))}; echo {TOKEN}"])
    return ran


def test_the_token_command_of_a_branch_does_not_run(served: Project, tmp_path: Path) -> None:
    ran = leaves_a_file(served, tmp_path)
    for words in (["plan"], ["apply", "--auto-approve"], ["drift"], ["results", "list"]):
        run = served.jmctl(*words)
        assert (run.code, ran.exists()) == (6, False), run
        assert "jmctl trust" in run.err


def test_an_approval_holds_until_what_was_approved_changes(served: Project, tmp_path: Path) -> None:
    ran = leaves_a_file(served, tmp_path)
    assert "token_command" in served.jmctl("trust").out
    assert (served.jmctl("plan").code, ran.exists()) == (0, True)
    ran.unlink()
    served.configure(token_command=["sh", "-c", f"touch {shlex.quote(str(ran))}; echo other"])
    assert (served.jmctl("plan").code, ran.exists()) == (6, False)
    served.jmctl("trust")
    assert served.jmctl("trust", "--revoke").code == 0
    assert (served.jmctl("plan").code, ran.exists()) == (6, False)


def test_an_approval_of_one_checkout_is_none_for_another(served: Project, tmp_path: Path) -> None:
    ran = leaves_a_file(served, tmp_path)
    served.jmctl("trust")
    other = tmp_path / "other"
    served.folder.rename(other)
    served.folder = other
    assert (served.jmctl("plan").code, ran.exists()) == (6, False)


def test_a_digest_in_the_environment_approves_in_ci(served: Project, tmp_path: Path) -> None:
    ran = leaves_a_file(served, tmp_path)
    digest = served.jmctl("trust", "--digest").out.strip()
    assert len(digest) == 64
    assert served.jmctl("plan", JMCTL_TRUST=digest[:32]).code == 6, "compared in full"
    assert not ran.exists()
    assert (served.jmctl("plan", JMCTL_TRUST=digest).code, ran.exists()) == (0, True)


def test_the_users_own_configuration_names_a_command(served: Project) -> None:
    served.write("alpha")
    served.applied()
    del served.variables["JOBMOJITO_TOKEN"]
    own = served.home / "config" / "jmctl" / "config.toml"
    own.write_text(f"token_command = {json.dumps(f'echo {TOKEN}')}\n")
    assert served.jmctl("plan").code == 0
    own.write_text("token_command = 3\n")
    assert "token_command is no command" in served.jmctl("plan").err


TOKENS = ("canary-aaaa\nbbbb", "canary-aaaa\rbbbb", "\u201ccanary-bbbb\u201d", "canary bbbb", "canary-bbbb\x1b[0m")


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_no_header_carries_is_refused_and_written_nowhere(
    served: Project, sandbox: Sandbox, token: str
) -> None:
    served.write("alpha")
    run = served.jmctl("apply", "--auto-approve", JOBMOJITO_TOKEN=token)
    assert run.code == 1, run
    assert "the access token cannot be sent" in run.err
    assert sandbox.requests()["counts"] == {}
    written = b"".join(path.read_bytes() for path in served.folder.rglob("*") if path.is_file())
    for text in (run.out, run.err, written.decode("utf-8", "replace")):
        assert "canary" not in text
        assert "bbbb" not in text
    assert served.applied().code == 0, "nothing is in doubt"
