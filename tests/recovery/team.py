"""A team with throw-away runners: one bare repository, a clone for each run, one service, real processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fork import Forks
from scene import GONE, opened
from workshop import Project, Run, Sandbox, ended, wait_until

from reconciler.engine.project import open_project
from reconciler.state.model import State

sys.path.insert(0, str(Path(__file__).parents[1] / "state"))
from git_scene import git  # the folder is on the path only when its own tests run

BUSY = 5
REF = "refs/jmctl/state/default"
_COMMAND = re.compile(r"jmctl ((?:resolve|import) \S+ (?:--adopt )?\S+)")
_HOOK = '#!/bin/sh\ncase "$1" in refs/heads/main) [ ! -e protected ] || exit 1;; esac\n'


@dataclass
class Runner:
    """A machine with a clone of one commit, and nothing else in common with others but remote and service."""

    team: Team
    project: Project

    def jmctl(self, *words: str) -> Run:
        """One command in a process of its own; what it printed is together in `out`."""
        (code,), said = self.team.forks.run(self.project.folder, self.project.environment, list(words))
        assert "Traceback" not in said, said
        return Run(code, said, "")

    def state(self) -> State:
        """What this machine reads from the store."""
        project = open_project(self.project.folder, None, variables=self.project.environment, command="tests")
        return project.state()

    def apply(self, *words: str, environment: str = "default") -> Run:
        """Applies; the exit code goes into the story."""
        chosen = [] if environment == "default" else ["--env", environment]
        return self.team.tell(self.jmctl(*chosen, "apply", "--auto-approve", *words))

    def start(self, *words: str) -> subprocess.Popen[str]:
        return self.project.start("apply", "--auto-approve", *words)

    def git(self, *words: str, check: bool = True) -> str:
        return git(self.project.folder, *words, check=check)

    def push(self) -> None:
        """What a pipeline does with a state in the folder: commit it, take over what came meanwhile, push."""
        if self.team.store != "folder":
            return
        self.git("add", "-A", "state")
        self.git("commit", "-q", "--allow-empty", "-m", "state")
        self.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        self.git("push", "-q", "origin", "HEAD:main")

    def lose(self) -> None:
        """The machine is thrown away with everything on it."""
        shutil.rmtree(self.project.folder.parent)

    def kill_in_create(self) -> None:
        """An apply is killed after the service has made an interview, and before it says so; the machine is lost."""
        self.team.sandbox.set_faults("slow:create:seconds=30")
        before = len(self.team.rows())
        process = self.start("--concurrency", "1")
        wait_until(lambda: len(self.team.rows()) > before)
        os.killpg(process.pid, signal.SIGKILL)
        ended(process)
        self.team.sandbox.set_faults()
        self.team.story.append("killed")
        self.lose()

    def follow(self, run: Run) -> None:
        """A person types the first command that `run` printed to settle what it left open."""
        found = _COMMAND.search(run.out + run.err)
        assert found, run
        done = self.jmctl(*found[1].rstrip("`'\",;").split())
        assert done.code == 0, (found[1], done)
        self.team.story.append(found[1].split()[0])


@dataclass
class Team:
    """Everyone who works on one project. `store` is "folder" (state committed to main) or "git" (a ref of its own)."""

    folder: Path
    sandbox: Sandbox
    token: str
    store: str
    forks: Forks
    story: list[str] = field(default_factory=list)
    declared: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int | None = None  # how many interviews may ever have been made; None: as many as are declared

    def __post_init__(self) -> None:
        git(self.folder, "init", "-q", "--bare", "-b", "main", "host.git")
        self.bare = self.folder / "host.git"
        (self.bare / "hooks").mkdir(exist_ok=True)
        (self.bare / "hooks" / "update").write_text(_HOOK)
        (self.bare / "hooks" / "update").chmod(0o755)
        self._number = 0
        main = self.folder / "people" / "clone"
        main.parent.mkdir()
        git(self.folder, "clone", "-q", str(self.bare), str(main))
        self.people = Runner(self, self._project(main))
        self.people.project.configure(
            state="git" if self.store == "git" else None,
            timeouts={"connect": 1.5, "total": 1.5},
            recovery={"grace": 0.1, "skew": 0.5, "lease": 4},
            environments={"staging": {}},
        )
        (main / ".gitattributes").write_text("state/*.json merge=jmctl\n")
        self.declare("a", is_embedded=True)

    def _project(self, clone: Path) -> Project:
        config = clone / "jmctl.yaml"
        kept = config.read_bytes() if config.exists() else None
        project = Project(clone, clone.parent / "home", endpoint=self.sandbox.url)
        if kept is not None:
            config.write_bytes(kept)
        project.variables["JOBMOJITO_TOKEN"] = self.token
        project.variables["XDG_STATE_HOME"] = str(clone.parent / "home" / "state")
        for name, value in (("user.name", "t"), ("user.email", "t@invalid"), ("merge.jmctl.driver", self._driver())):
            git(clone, "config", name, value)
        return project

    @staticmethod
    def _driver() -> str:
        return f"{Path(sys.executable).with_name('jmctl')} state merge %O %A %B"

    def runner(self, commit: str | None = None) -> Runner:
        """A new machine, at the newest commit of main or at `commit`."""
        self._number += 1
        clone = self.folder / f"runner-{self._number}" / "clone"
        clone.parent.mkdir()
        git(self.folder, "clone", "-q", f"file://{self.bare}", str(clone))
        if commit:
            git(clone, "reset", "-q", "--hard", commit)
        return Runner(self, self._project(clone))

    def merge(self, message: str) -> str:
        """People's edits of manifests reach main by a merge; gives the commit."""
        (self.bare / "protected").unlink(missing_ok=True)
        self.people.git("add", "-A")
        self.people.git("commit", "-q", "--allow-empty", "-m", message)
        self.people.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main", check=False)
        self.people.git("push", "-q", "origin", "HEAD:main")
        if self.store == "git":
            (self.bare / "protected").touch()  # nothing but a merge by people changes main
        return self.people.git("rev-parse", "HEAD")

    def declare(self, name: str, **spec: Any) -> str:
        self.declared[name] = spec
        self.people.project.write(name, **{"name": f"Interview {name}", **spec})
        return self.merge(f"declare {name}")

    def remove(self, name: str) -> str:
        del self.declared[name]
        (self.people.project.folder / "interviews" / f"{name}.yaml").unlink()
        return self.merge(f"remove {name}")

    def applied(self) -> Runner:
        """One pipeline that goes well."""
        runner = self.runner()
        runner.apply()
        runner.push()
        return runner

    def lose_state(self) -> None:
        """The state is gone for good."""
        if self.store == "git":
            git(self.bare, "update-ref", "-d", REF)
            return
        self.people.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        self.people.git("rm", "-q", "-r", "state")
        self.merge("remove the state")

    def mark_state(self) -> str:
        """What names the state of now, to go back to."""
        return git(self.bare, "rev-parse", REF if self.store == "git" else "main")

    def revert_state(self, before: str) -> None:
        """The state as it was at `before`, by hand."""
        if self.store == "git":
            git(self.bare, "update-ref", REF, before)
            return
        self.people.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        self.people.git("checkout", "-q", before, "--", "state")
        self.merge("revert the state")

    def tell(self, run: Run) -> Run:
        """Notes the exit code."""
        self.story.append(str(run.code))
        assert "Traceback" not in run.err, run.err
        return run

    def rows(self) -> list[dict[str, Any]]:
        return self.sandbox.interviews()

    def live(self) -> list[dict[str, Any]]:
        return [row for row in self.rows() if row["status"] not in GONE]

    def settled(self) -> Runner:
        """A further pipeline; as often as the lease of a dead runner makes it wait."""
        runner = self.runner()
        for _ in range(80):
            run = runner.jmctl("apply", "--auto-approve")
            if run.code != BUSY:
                break
            time.sleep(0.25)
        self.tell(run)
        assert run.code == 0, run
        runner.push()
        return runner

    def check(self) -> None:
        """Declared equals existing equals remembered, nothing was ever made twice, and every key opens."""
        runner = self.runner()
        again = runner.jmctl("plan", "--detailed-exitcode")
        assert again.code == 0, again
        live, rows = self.live(), self.rows()
        assert len(rows) == (len(self.declared) if self.made is None else self.made)
        state = runner.state()
        assert state.in_doubt == {}
        assert sorted(entry.name for entry in state.entries.values()) == sorted(self.declared)
        assert sorted(entry.id for entry in state.entries.values()) == sorted(row["id"] for row in live)
        keys = {entry.id: entry.embed_signing_key for entry in state.entries.values() if entry.embed_signing_key}
        wanted = {row["id"]: row["embed_signing_key"] for row in live if row["embed_signing_key"]}
        assert {one: opened(key, self.people.project) for one, key in keys.items()} == wanted
