"""Count the client's files that are entered by one apply of one edit: functions executed, not modules imported.

python bench/files_entered.py            # prints the number and the files
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "reconciler"
sys.path.insert(0, str(PACKAGE.parent / "tests"))

_SCRIPT = """
import json, sys, threading
entered = set()
def profile(frame, event, _):
    # module and class bodies run when a file is imported: only calls of functions count
    if event == "call" and frame.f_code.co_flags & 2:
        entered.add(frame.f_code.co_filename)
threading.setprofile(profile)
sys.setprofile(profile)
from reconciler.cli import main
sys.argv = ["jmctl", "apply", "--auto-approve"]
code = main()
sys.setprofile(None)
sys.stderr.write("\\n" + json.dumps(sorted(entered)) + "\\n")
sys.exit(code)
"""


def files_entered() -> list[str]:
    """The files below reconciler/, without the sandbox, of one `jmctl apply` that changes one field."""
    from workshop import Project

    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "project", Path(folder) / "home")
        project.write_many(3)
        project.applied()
        project.write("interview-0001", name="Interview 1", description="Edited")
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            cwd=project.folder,
            env=project.environment,
            capture_output=True,
            text=True,
            check=True,
        )
    found = (Path(name) for name in json.loads(done.stderr.splitlines()[-1]))
    ours = (path.relative_to(PACKAGE) for path in found if path.is_relative_to(PACKAGE))
    return sorted(str(path) for path in ours if path.parts[0] != "sandbox")


if __name__ == "__main__":
    files = files_entered()
    print(f"{len(files)} files", *files, sep="\n")
