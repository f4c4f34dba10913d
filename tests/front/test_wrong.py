"""Wrong manifests and configurations, each with the exact words it gets. Data in wrong/, one body here.

A case is NAME.yaml, or a folder NAME of several files, with a jmctl.yaml when that is what is wrong; the words stand in
NAME.txt. After changing words on purpose: JMCTL_REWRITE=1 pytest tests/front/test_wrong.py, then read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from reconciler.errors import Invalid, Problem
from reconciler.project.config import load_config
from reconciler.project.load import read_manifests
from reconciler.views.problems import problem_lines

WRONG = Path(__file__).parent / "wrong"
CASES = sorted(path for path in WRONG.iterdir() if path.suffix != ".txt")

# what is wrong with these is the file as a whole
WITHOUT_LINE = {"empty", "only-comments", "config-empty"}


def problems_of(case: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    monkeypatch.chdir(case if case.is_dir() else WRONG)
    try:
        if (case / "jmctl.yaml").exists():
            config = load_config(case)
            return read_manifests(config.root, config.manifests, None, config.manifest_places).warnings
        if case.is_dir():
            return read_manifests(case, ["*.yaml"]).warnings
        return read_manifests(WRONG, [case.name]).warnings
    except Invalid as error:
        return error.problems


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_words_are_exact(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = problems_of(case, monkeypatch)
    told = "".join(f"{line}\n" for problem in problems for line in problem_lines(problem))
    golden = case.with_suffix(".txt") if case.is_file() else WRONG / f"{case.name}.txt"
    if os.environ.get("JMCTL_REWRITE"):
        golden.write_text(told, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == told


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_problem_has_a_place_a_detail_and_a_hint(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = problems_of(case, monkeypatch)
    assert problems
    for problem in problems:
        assert problem.where
        assert (problem.where.line > 0) or case.stem in WITHOUT_LINE
        assert problem.detail
        assert problem.hint


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_words_are_harmless_and_in_style(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for problem in problems_of(case, monkeypatch):
        assert problem.summary.isascii()
        for text in (problem.summary, problem.detail, problem.hint):
            assert text.isprintable()
            assert not text.endswith(".") or text.endswith("...")
        assert not re.search(r"[A-Z]", problem.summary[0])


def test_there_are_many() -> None:
    assert len(CASES) >= 55
