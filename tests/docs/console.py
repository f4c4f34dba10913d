"""Console blocks of pages: their commands are run, and what they print is compared, `…` standing for any text."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from workshop import COMMAND, Project

from reconciler.cli import main

_BLOCK = re.compile(r"^```console\n(.*?)^```$|^<!-- before\n(.*?)^-->$", re.MULTILINE | re.DOTALL)
_VARYING = (
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "…"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "…"),
    (re.compile(r"\bage1[a-z0-9]{40,}"), "…"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "…"),
    (re.compile(r"\S*/(?=config/jmctl/identity\.txt)"), "…/"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "…"),
    (re.compile(r"embed_id=\w+"), "embed_id=…"),
)


@dataclass
class Step:
    """A command of a block, as typed, and the lines under it; `hidden` prepares the page and shows nothing."""

    command: str
    expected: str
    hidden: bool = False
    printed: str = ""

    @property
    def is_as_expected(self) -> bool:
        pattern = ".*?".join(map(re.escape, self.expected.strip().split("…")))
        return self.hidden or re.fullmatch(pattern, self.printed.strip(), re.DOTALL) is not None


def steps(page: str) -> Iterator[list[Step]]:
    """The steps of each block, in order. A line that ends in a backslash goes on; `<<'EOF'` reads up to EOF."""
    for match in _BLOCK.finditer(page):
        if match[2] is not None:
            yield [Step(match[2], "", hidden=True)]
        else:
            yield list(_block(match[1]))


def _block(text: str) -> Iterator[Step]:
    step: Step | None = None
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            if step:
                yield step
            command = [line[2:]]
            while command[-1].endswith("\\"):
                command.append(next(lines))
            if "<<'EOF'" in line:
                command += iter(lambda: next(lines), "EOF")
                command.append("EOF")
            step = Step("\n".join(command), "")
        else:
            assert step, f"output before a command: {line}"
            step.expected += f"{line}\n"
    if step:
        yield step


@dataclass
class Shell:
    """Runs the steps of a page in `project`: jmctl in this process, everything else in bash."""

    project: Project
    monkeypatch: pytest.MonkeyPatch

    def run(self, step: Step) -> None:
        words = shlex.split(step.command, comments=True) if "\n" not in step.command else []
        is_plain = not step.hidden and words[:1] == ["jmctl"] and not re.search(r"[|<>;&$]", step.command)
        step.printed = self._here(words[1:]) if is_plain else self._bash(step)

    def _here(self, words: list[str]) -> str:
        for name, value in self.project.environment.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.chdir(self.project.folder)
        self.monkeypatch.setattr("sys.argv", ["jmctl", *words])
        self.monkeypatch.setattr("sys.stdin", io.StringIO())
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            main()
        return printed.getvalue()

    def _bash(self, step: Step) -> str:
        environment = self.project.environment
        environment["PATH"] = f"{Path(COMMAND).parent}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(
            ["bash", "-c", step.command],
            cwd=self.project.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert not step.hidden or done.returncode == 0, done.stdout
        return done.stdout


def replayed(path: Path, shell: Shell) -> tuple[int, list[Step]]:
    """Runs the page. Returns the number of its console blocks, and the steps that printed something else."""
    blocks = list(steps(path.read_text()))
    run: Callable[[Step], None] = shell.run
    for block in blocks:
        for step in block:
            run(step)
    wrong = [step for block in blocks for step in block if not step.is_as_expected]
    if wrong and os.environ.get("JMCTL_WRITE_DOCS"):
        left = iter(blocks)
        path.write_text(_BLOCK.sub(lambda match: _rewritten(match, next(left)), path.read_text()))
        wrong = []
    return sum(not block[0].hidden for block in blocks), wrong


def _rewritten(match: re.Match[str], block: list[Step]) -> str:
    if match[1] is None:
        return match[0]
    lines = []
    for step in block:
        lines.append(f"$ {step.command}\n")
        text = step.expected if step.is_as_expected else _steady(step.printed)
        lines.append(text if not text or text.endswith("\n") else f"{text}\n")
    return f"```console\n{''.join(lines)}```"


def _steady(text: str) -> str:
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return text
