"""The console script: starts jmctl, or says in one line that another package called reconciler is in its way."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run jmctl and give its exit code; 1 with a line of explanation when `import reconciler` gives another package."""
    import reconciler

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib would double the start-up time
    found = os.path.abspath(reconciler.__file__ or "")  # noqa: PTH100 - as above
    if found == os.path.join(here, "reconciler", "__init__.py"):  # noqa: PTH118 - as above
        try:
            from reconciler.cli import main as run
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("reconciler"):
                raise
        else:
            return run()
    sys.stderr.write(f"jmctl: error: another package called reconciler is in the way: {found or 'a folder'}\n")
    sys.stderr.write("jmctl: hint: install jmctl in an environment of its own: uv tool install jmctl\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
