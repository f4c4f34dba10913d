from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from reconciler.cli import main

WRONG = Path(__file__).parent / "wrong"
VALID = (WRONG / "expensive.yaml").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JMCTL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("JMCTL_ENV", raising=False)
    (tmp_path / "jmctl.yaml").write_text("project: demo\nmanifests: ['*/*.yaml']\n", encoding="utf-8")
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "a.yaml").write_text(VALID, encoding="utf-8")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["jmctl", *arguments])
    return main()


def test_valid_manifests_are_counted_and_warnings_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "-C", str(project), "validate") == 0
    told = capsys.readouterr()
    assert told.out == "1 interview in 1 file is valid\n"
    assert told.err.startswith("jmctl: warning[JM0223]: interviews/a.yaml:14:3: expensive duration: ")


def test_wrong_manifests_fail(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "interviews" / "b.yaml").write_text("a: [\n", encoding="utf-8")
    assert run(monkeypatch, "validate") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "jmctl: error[JM0112]: interviews/b.yaml:1:4: unclosed bracket" in told.err


def test_json_is_one_document_when_all_is_well(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    assert run(monkeypatch, "validate", "--format", "json") == 0
    document = orjson.loads(capsys.readouterr().out)
    assert document["valid"] is True
    assert document["interviews"] == [{"name": "support-agent", "path": "interviews/a.yaml", "line": 4}]
    assert [problem["severity"] for problem in document["problems"]] == ["warning"]


def test_json_is_one_document_when_it_is_not(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "interviews" / "b.yaml").write_text("a: [\n", encoding="utf-8")
    assert run(monkeypatch, "validate", "--format", "json") == 1
    document = orjson.loads(capsys.readouterr().out)
    assert document["valid"] is False
    assert [problem["path"] for problem in document["problems"]] == ["interviews/a.yaml", "interviews/b.yaml"]


def test_the_schema_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["schema"], ["schema", "--config"]):
        assert run(monkeypatch, *arguments) == 0
        assert orjson.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
