from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from workshop import ended

from reconciler.cli.sandbox import command
from reconciler.errors import Misconfigured, Misused
from reconciler.sandbox.faults import FAULTS, FORMS
from reconciler.sandbox.served import embed_url
from reconciler.sandbox.service import Service
from reconciler.sandbox.switches import DEFAULTS
from reconciler.sandbox.tokens import merchant_id

if TYPE_CHECKING:
    from pathlib import Path

    from workshop import Project


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_set_dump_and_reset(tmp_path: Path) -> None:
    _run("set", "--path", str(tmp_path), "latency_ms=5", "environment=test", "--fault", "slow:create:count=1")
    service = Service(tmp_path)
    assert (service.switches["latency_ms"], service.switches["environment"]) == (5, "test")
    assert [rule["fault"] for rule in service.faults] == ["slow"]
    position = service.add_position(name="Žofie")
    (row,) = json.loads(_run("dump", "--path", str(tmp_path)))
    assert (row["id"], row["name"]) == (position, "Žofie")
    _run("set", "--path", str(tmp_path), "--no-faults")
    assert service.faults == []
    _run("reset", "--path", str(tmp_path))
    assert service.dump() == []
    assert service.switches["latency_ms"] == 0
    service.close()


def test_a_token_of_another_merchant(tmp_path: Path) -> None:
    text = _run("token", "--merchant", "second", "--environment", "test", "--lasts", "60").strip()
    claims = json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "=="))
    assert claims["app_metadata"] == {"merchant_id": merchant_id("second"), "environment": "test"}
    assert not list(tmp_path.iterdir())


def test_explain_names_every_switch_and_fault(tmp_path: Path) -> None:
    text = _run("explain", "--path", str(tmp_path))
    assert all(f"  {name}" in text for name in [*DEFAULTS, *FAULTS])
    assert all(f"    form={form} " in text for forms in FORMS.values() for form in forms)


@pytest.mark.parametrize("arguments", [["nope=1"], ["latency_ms"], ["latency_ms=x"], ["--fault", "explode"]])
def test_what_it_does_not_understand(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(Misused):
        CliRunner().invoke(command, ["set", "--path", str(tmp_path), *arguments], catch_exceptions=False)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(Misconfigured) as error:
        CliRunner().invoke(command, ["dump", "--path", str(tmp_path)], catch_exceptions=False)
    assert "jmctl[sandbox]" in error.value.problems[0].hint


def test_in_process_needs_no_aiohttp_and_the_command_no_service() -> None:
    loaded = "import sys, {0}; print(sorted(n for n in sys.modules if n in {1!r}))"
    watched = {"aiohttp", "jsonschema_rs", "httpx", "reconciler.sandbox"}
    for module, expected in (
        ("reconciler.cli.sandbox", []),
        ("reconciler.sandbox.service", ["reconciler.sandbox"]),
        ("reconciler.sandbox.transport", ["httpx", "reconciler.sandbox"]),
    ):
        program = [sys.executable, "-c", loaded.format(module, watched)]
        assert subprocess.run(program, capture_output=True, text=True, check=True).stdout.strip() == str(expected)


def test_imports_nothing_of_jmctl_but_errors() -> None:
    program = "import sys, reconciler.sandbox.server, reconciler.sandbox.transport; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in modules if name.startswith("reconciler.") and not name.startswith("reconciler.sandbox")}
    assert ours <= {"reconciler.errors"}


def _published(project: Project) -> None:
    project.write("agent", status="active")
    project.applied()


def test_commands_follow_the_projects_endpoint(project: Project) -> None:
    project.endpoint = "sandbox:data/here"
    project.configure()
    _published(project)
    deeper = project.folder / "interviews"
    done = project.jmctl("-C", str(deeper), "sandbox", "seed-results", "agent", "--count", "3")
    assert (done.code, done.out) == (0, "3 synthetic results. Next: jmctl results list\n")
    assert [row["name"] for row in json.loads(project.jmctl("sandbox", "dump").out)] == ["Support agent"]
    assert not (project.folder / ".sandbox").exists()
    assert project.jmctl("sandbox", "dump", "--path", "data/here").out == project.jmctl("sandbox", "dump").out


def test_results_are_seeded_into_a_served_endpoint(served: Project) -> None:
    _published(served)
    done = served.jmctl("sandbox", "seed-results", "--count", "3", "--real-size")
    assert (done.code, done.out.split(".")[0]) == (0, "3 synthetic results")
    assert len(served.jmctl("results", "list", "--format", "json").document["results"]) == 3


def test_results_are_not_seeded_into_the_real_service(project: Project) -> None:
    project.configure(endpoint="https://cool.jobmojito.com/functions/v1")
    done = project.jmctl("sandbox", "seed-results")
    assert done.code == 1
    assert "the endpoint is no sandbox" in done.err
    assert "jmctl.yaml:3" in done.err


def test_results_cannot_be_seeded_where_no_sandbox_answers(project: Project) -> None:
    project.configure(endpoint="http://127.0.0.1:9/functions/v1")
    done = project.jmctl("sandbox", "seed-results")
    assert done.code == 1
    assert "the sandbox does not answer" in done.err


def test_an_embedded_interview_of_a_folder_gets_a_link_that_opens(project: Project) -> None:
    project.write("agent", status="active", is_embedded=True)
    project.applied()
    refused = project.jmctl("sandbox", "open", "other")
    assert refused.code == 1
    assert "no embedded interview has this name" in refused.err
    options = ("--no-browser", "--visitor", "Žofie", "z@example.invalid")
    process = project.start("sandbox", "open", "agent", *options)
    assert process.stdout is not None
    link = process.stdout.readline().split()[-1]
    data = project.folder / ".sandbox"
    with urllib.request.urlopen(link) as page:  # noqa: S310 - loopback
        assert "Žofie" in page.read().decode()
    assert link.startswith(f"{embed_url(data)}?embed_id=")
    with pytest.raises(urllib.error.HTTPError) as changed:
        urllib.request.urlopen(link.replace("name=", "name=QQ"))  # noqa: S310 - loopback
    assert changed.value.code == 403
    changed.value.close()
    process.send_signal(signal.SIGINT)
    assert ended(process).code == 0
    assert embed_url(data) is None
