"""A real OAuth server (oidc-provider) and a user who signs in at it with a browser's requests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

FOLDER = Path(__file__).parent / "server"
ACCESS_SECONDS = 121  # one second more than what counts as too short, so that a session becomes stale within a test


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """The issuer of a running server."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        reason = "NO SIGN-IN TESTS: no OAuth server here; .ci/oauth-server installs it"
        if os.environ.get("JMCTL_OAUTH_SERVER") == "require":
            pytest.fail(reason)
        pytest.skip(reason)
    with subprocess.Popen(
        [node, "server.mjs", str(ACCESS_SECONDS)],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture
def browse() -> Callable[[str], str]:
    """Opens a URL, signs in, consents, and follows to the loopback redirect, whose page it returns."""

    def follow(url: str) -> str:
        with httpx.Client(timeout=10) as browser:
            for _ in range(20):
                answer = browser.get(url)
                while answer.is_redirect:
                    url = urljoin(url, answer.headers["location"])
                    answer = browser.get(url)
                prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
                if prompt is None:
                    return answer.text
                form = {"prompt": prompt[1], "login": "recruiter", "password": "anything"}
                action = re.search(r'action="([^"]+)"', answer.text)
                assert action
                answer = browser.post(urljoin(url, action[1]), data=form)
                url = urljoin(url, answer.headers["location"])
        raise AssertionError("the server never sent the browser back")

    return follow
