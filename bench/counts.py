"""How far a change reaches: the client's files that name a field, and those that know a kind beyond its folder.

python bench/counts.py
"""

from __future__ import annotations

import ast
from pathlib import Path

from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.kind import KINDS

PACKAGE = Path(__file__).parents[1] / "reconciler"
FIELDS_SHOWN = ("coach_plan", "country_availability", "type_credit", "welcome_message", "recruiter_profile_id")


def client_files() -> list[Path]:
    """Every module of the client: the sandbox shares nothing with it."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "sandbox" not in path.relative_to(PACKAGE).parts]


def files_for_field(name: str) -> list[str]:
    """The client's files with `name` as a string of its own."""
    return [
        str(path.relative_to(PACKAGE))
        for path in client_files()
        if any(isinstance(node, ast.Constant) and node.value == name for node in ast.walk(ast.parse(path.read_text())))
    ]


def files_for_kind(folder: str) -> list[str]:
    """The client's files outside the kind's folder that import from it or name it as a place."""
    place = f"reconciler.resources.{folder}"
    return [
        str(path.relative_to(PACKAGE))
        for path in client_files()
        if f"resources/{folder}/" not in str(path) and place in path.read_text()
    ]


def main() -> None:
    for name in FIELDS_SHOWN:
        files = files_for_field(name)
        print(f"field {name}: {len(files)}: {', '.join(files)}")
    alone = sum(len(files_for_field(name)) == 1 for name in FIELDS)
    print(f"fields that a single file names: {alone} of {len(FIELDS)}")
    for kind, place in KINDS.items():
        files = files_for_kind(place.split(".")[2])
        print(f"kind {kind}: its folder, and {len(files)}: {', '.join(files)}")


if __name__ == "__main__":
    main()
