"""Over real HTTP on loopback: the served process, its faults, its death."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from reconciler.sandbox.service import Service

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # processes and sockets
_CREATE = "/functions/v1/job-interview-create-from-array"
_STATUS = "/functions/v1/merchant-status"
_COMMAND = [sys.executable, "-c", "from reconciler.cli.sandbox import command; command()"]
_INTERVIEW = {
    "name": "x", "location": "x", "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
    "mojito_language_code": "en", "description": "x", "status": "draft", "type": "interview",
    "visibility": "merchant_invite", "questions": [{"question": "A"}],
}  # fmt: skip


@dataclass
class Served:
    process: subprocess.Popen[str]
    host: str
    port: int

    def ask(self, method: str, path: str, body: Any = None, timeout: float = 10) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            headers = {"Authorization": "Bearer x"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code


def _served(path: Path, *options: str) -> Served:
    process = subprocess.Popen([*_COMMAND, "serve", "--path", str(path), *options], stdout=subprocess.PIPE, text=True)
    announced = process.stdout.readline() if process.stdout else ""
    assert announced.startswith("sandbox: listening on http://127.0.0.1:")
    assert announced.endswith("/functions/v1\n")
    address = urlsplit(announced.split()[-1])
    return Served(process, address.hostname or "", address.port or 0)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = _served(tmp_path_factory.mktemp("served"))
    yield server
    assert server.end(signal.SIGTERM) == 0


@pytest.fixture
def server(shared: Served) -> Served:
    shared.ask("DELETE", "/_sandbox")
    return shared


def test_an_interview_over_http(server: Served) -> None:
    status, made = server.ask("POST", _CREATE, _INTERVIEW)
    assert status == 200
    interview = made["interview_def_set_id"]
    status, seen = server.ask("GET", f"/functions/v1/job-interview-get?position_id={interview}")
    assert (status, seen["name"]) == (200, "x")
    assert server.ask("POST", _CREATE, {})[0] == 422


@pytest.mark.parametrize(
    ("fault", "expected", "made"),
    [
        ("drop_before", http.client.RemoteDisconnected, 0),
        ("unreachable", http.client.RemoteDisconnected, 0),
        ("drop_after", ConnectionResetError, 1),
        ("truncated", http.client.IncompleteRead, 1),
        ("invalid_json", json.JSONDecodeError, 1),
        ("slow:create:seconds=30", TimeoutError, 1),
        ("wrong_shape", 200, 1),
        ("error_before", 503, 0),
        ("error_after", 503, 1),
        ("rate_limit", 429, 0),
        ("expired_token", 401, 0),
        ("redirect", 307, 0),
        ("latency:create:seconds=0.05", 200, 1),
    ],
)
def test_faults_over_http(server: Served, fault: str, expected: int | type[Exception], made: int) -> None:
    server.ask("PUT", "/_sandbox/faults", [fault])
    timeout = 0.3 if fault.startswith("slow") else 10
    if isinstance(expected, int):
        assert server.ask("POST", _CREATE, _INTERVIEW, timeout)[0] == expected
    else:
        with pytest.raises(expected):
            server.ask("POST", _CREATE, _INTERVIEW, timeout)
    assert len(server.ask("GET", "/_sandbox/interviews")[1]) == made
    server.ask("PUT", "/_sandbox/faults", [])
    assert server.ask("GET", _STATUS)[0] == 200


def test_control_endpoints(server: Served) -> None:
    _, made = server.ask("POST", _CREATE, _INTERVIEW | {"is_embedded": True})
    interview = made["interview_def_set_id"]
    (row,) = server.ask("GET", "/_sandbox/interviews")[1]
    assert row["embed_signing_key"] == made["embed_signing_key"]
    assert server.ask("POST", "/_sandbox/admin-edit", {"id": interview, "set": {"name": "edited"}})[0] == 200
    get = f"/functions/v1/job-interview-get?position_id={interview}"
    seen = server.ask("GET", get)[1]
    assert seen["name"] == "edited"
    assert seen["updated_at"] > seen["created_at"]
    silent = {"id": interview, "set": {"name": "silent"}, "touch": False}
    server.ask("POST", "/_sandbox/admin-edit", silent)
    assert server.ask("GET", get)[1] == seen | {"name": "silent"}
    assert server.ask("POST", "/_sandbox/admin-edit", {"id": interview, "set": {"nope": 1}})[0] == 422
    assert server.ask("POST", "/_sandbox/admin-edit", {"id": interview, "delete": True})[0] == 200
    assert server.ask("GET", get)[0] == 404
    assert server.ask("POST", "/_sandbox/admin-edit", {"id": interview, "delete": True})[0] == 404
    report = server.ask("GET", "/_sandbox/requests")[1]
    assert report["counts"]["job-interview-get"] == {"200": 2, "404": 1}
    assert report["latest"][0]["path"] == _CREATE
    position = server.ask("POST", "/_sandbox/positions", {"name": "Two stages"})[1]["id"]
    assert server.ask("GET", f"/functions/v1/job-interview-get?position_id={position}")[1]["is_multistage"] is True
    results = [{"item": {"candidate_name": f"c{number}"}} for number in range(3)]
    assert len(server.ask("POST", "/_sandbox/results", results)[1]["interview_result_ids"]) == 3
    assert server.ask("PUT", "/_sandbox/switches", {"nope": 1})[0] == 422
    assert server.ask("PUT", "/_sandbox/switches", [])[0] == 422
    assert server.ask("PUT", "/_sandbox/faults", ["explode"])[0] == 422
    assert server.ask("GET", "/_sandbox/nothing")[0] == 404
    assert server.ask("DELETE", "/_sandbox")[0] == 200
    assert server.ask("GET", "/_sandbox/interviews")[1] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_cleanly(tmp_path: Path, number: int) -> None:
    server = _served(tmp_path)
    assert server.ask("GET", _STATUS)[0] == 200
    assert server.end(number) == 0


def test_options_are_in_force_from_the_first_request(tmp_path: Path) -> None:
    server = _served(tmp_path, "--latency", "1", "--fault", "error_before:status:probability=0.5", "--seed", "3")
    assert server.ask("GET", "/_sandbox/switches")[1]["latency_ms"] == 1
    (rule,) = server.ask("GET", "/_sandbox/faults")[1]
    assert (rule["probability"], rule["seed"]) == (0.5, 3)
    server.end(signal.SIGTERM)


def test_killing_it_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    server = _served(tmp_path)
    answered: list[str] = []

    def create() -> None:
        try:
            while True:
                answered.append(server.ask("POST", _CREATE, _INTERVIEW)[1]["interview_def_set_id"])
                if len(answered) == 100:
                    os.kill(server.process.pid, signal.SIGKILL)
        except (OSError, http.client.HTTPException):
            return

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert server.end(signal.SIGKILL) == -signal.SIGKILL
    after = Service(tmp_path)
    assert set(answered) <= {interview["id"] for interview in after.dump()}
    after.close()
    assert len(answered) >= 100


def test_two_processes_on_one_folder(tmp_path: Path) -> None:
    servers = [_served(tmp_path), _served(tmp_path)]
    ids: list[str] = []

    def create(server: Served) -> None:
        ids.extend(server.ask("POST", _CREATE, _INTERVIEW)[1]["interview_def_set_id"] for _ in range(50))

    threads = [threading.Thread(target=create, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for server in servers:
        listed = server.ask("GET", "/functions/v1/merchant-interview-list?limit=1000")[1]
        assert {item["id"] for item in listed["data"]} == set(ids)
        assert server.end(signal.SIGTERM) == 0
    assert len(ids) == 100
