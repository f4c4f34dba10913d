"""The comparison of bench/table.py with its baseline: what it calls a gross regression, and that the baseline fits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.syspath_prepend(str(BENCH))
    import table

    monkeypatch.setattr(table, "BASELINE", tmp_path / "baseline.json")
    return table


def run(table: Any, monkeypatch: pytest.MonkeyPatch, figure: float, *options: str) -> int:
    def rows(*, short: bool) -> Iterator[Any]:
        assert short
        yield table.Row("plan", figure, "x --version", 2.2)

    monkeypatch.setattr(table, "rows", rows)
    monkeypatch.setattr(sys, "argv", ["table.py", "--short", *options])
    ended: int = table.main()
    return ended


def test_only_twice_the_baseline_fails(
    table: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(table, monkeypatch, 3.0) == 0  # nothing to compare with
    assert run(table, monkeypatch, 3.0, "--keep") == 0
    assert run(table, monkeypatch, 5.9) == 0
    assert "GROSS" not in capsys.readouterr().out
    assert run(table, monkeypatch, 6.1) == 1
    assert "GROSS REGRESSION" in capsys.readouterr().out


def test_keeping_one_form_keeps_the_other(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table.BASELINE.write_text(json.dumps({"full": {"plan": 2.0}}))
    run(table, monkeypatch, 3.0, "--keep")
    assert json.loads(table.BASELINE.read_text()) == {"full": {"plan": 2.0}, "short": {"plan": 3.0}}


def test_a_process_that_fails_is_no_figure(table: Any) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        table.cost([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(SystemExit, match="ended with 0"):
        table.cost([sys.executable, "-c", "print('other')"], within="No changes")


def test_the_kept_baseline_has_the_short_form() -> None:
    assert json.loads((BENCH / "baseline.json").read_text())["short"].keys() >= {"jmctl --version"}
