"""Makes the vectors of state format 1 by running the code that wrote it, commit 04bb599, on its own sandbox.

    git archive 04bb599 reconciler tests/workshop.py | tar -x -C OLD
    PYTHONPATH=OLD:OLD/tests python tests/state/vectors/make_v1.py

Each vector is a folder in `v1/`: the manifests, the state, and the journal where a process was killed. They are written
once and never edited: every later release has to read them.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workshop import Project

from reconciler.sandbox.service import Service

HERE = Path(__file__).parent / "v1"
QUESTIONS = [
    {"id": "one", "question": "Why us?", "duration": 90},
    {"id": "two", "question": "Grüße - \U0001f642?", "external_id": "TWO"},
]


def jmctl(project: Project, *arguments: str) -> None:
    environment = {**project.environment, "PYTHONPATH": os.environ["PYTHONPATH"]}
    command = [sys.executable, "-c", "import sys; from reconciler.cli import main; sys.exit(main())", *arguments]
    subprocess.run(command, cwd=project.folder, env=environment, check=False)


def apply(project: Project) -> None:
    jmctl(project, "apply", "--auto-approve")


def edit(project: Project, name: str, old: str, new: str) -> None:
    path = project.folder / "interviews" / f"{name}.yaml"
    path.write_text(path.read_text().replace(old, new))


def plain(project: Project) -> None:
    project.write_many(3)
    project.write("full", questions=QUESTIONS, max_duration=900, description_long=None, tags=["a", "b"])
    project.write("protected", lifecycle={"protect": True, "on_remove": "delete", "ignore": ["status"]})
    apply(project)


def embedded(project: Project) -> None:
    project.write("embedded", is_embedded=True)
    apply(project)


def replaced(project: Project) -> None:
    project.write("replaced", is_embedded=True)
    apply(project)
    edit(project, "replaced", '"en"', '"de"')
    apply(project)


def revised(project: Project) -> None:
    project.write("revised", questions=QUESTIONS)
    apply(project)
    edit(project, "revised", "Why us?", "Why you?")
    apply(project)


def moved(project: Project) -> None:
    project.write("old")
    apply(project)
    edit(project, "old", "name: old", "name: new\n  renamed_from: [old]")
    apply(project)


def imported(project: Project) -> None:
    project.write("other")
    apply(project)
    interview_id = project.state["interviews"][0]["id"]
    jmctl(project, "state", "rm", "other")
    jmctl(project, "import", "other", str(interview_id))


def removed(project: Project) -> None:
    for name in ("gone", "kept"):
        project.write(name)
    apply(project)
    (project.folder / "interviews" / "gone.yaml").unlink()
    apply(project)


def in_doubt(project: Project) -> None:
    project.write("settled")
    apply(project)
    project.write("open")
    service = Service(project.folder / ".sandbox")
    service.afflict([{"fault": "drop_after", "operation": "create", "count": 1}])  # its name in that commit
    service.close()
    apply(project)


def killed(project: Project) -> None:
    project.write("settled")
    apply(project)
    project.write("open")
    service = Service(project.folder / ".sandbox")
    service.switch(latency_ms=20_000)
    service.close()
    environment = {**project.environment, "PYTHONPATH": os.environ["PYTHONPATH"]}
    command = [sys.executable, "-c", "from reconciler.cli import main; main()", "apply", "--auto-approve"]
    process = subprocess.Popen(command, cwd=project.folder, env=environment)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (
        project.journal.exists() and project.journal.read_bytes().count(b"\n") > 1
    ):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()


MAKERS: tuple[Callable[[Project], None], ...] = (
    plain, embedded, replaced, revised, moved, imported, removed, in_doubt, killed,
)  # fmt: skip


def main() -> None:
    shutil.rmtree(HERE, ignore_errors=True)
    for make in MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            project = Project(Path(folder) / "project", Path(folder) / "home")
            make(project)
            target = HERE / make.__name__
            target.mkdir(parents=True)
            shutil.copytree(project.folder / "interviews", target / "interviews")
            for path in (project.snapshot, project.journal):
                if path.exists():
                    shutil.copy(path, target / path.name)


if __name__ == "__main__":
    main()
