"""Runs jmctl as its users do, in a project of two manifests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from reconciler.cli import main

TIDY = """\
apiVersion: jmctl/v1
kind: Interview
metadata:
  name: tidy
spec:
  name: Tidy
  location: remote
  interview_template_id: t
  mojito_language_code: en
  description: Short
  status: draft
  type: interview
  visibility: merchant_invite
  questions:
    - id: how
      question: How?
"""
UNTIDY = TIDY.replace("tidy", "untidy").replace(
    "  name: Tidy\n  location: remote\n", "  location: remote\n  name: Tidy\n"
)


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JMCTL_CACHE_DIR", "")
    (tmp_path / "jmctl.yaml").write_text("project: p\nmanifests: [i/*.yaml]\nendpoint: sandbox:.sandbox\n")
    (tmp_path / "i").mkdir()
    (tmp_path / "i/tidy.yaml").write_text(TIDY)
    (tmp_path / "i/untidy.yaml").write_text(UNTIDY)
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001
    def jmctl(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["jmctl", *words])
        code = main()
        return Ended(code, *capsys.readouterr())

    return jmctl
