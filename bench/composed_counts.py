"""Files, lines and copied questions of examples/company: as it is composed, and with a manifest for each interview.

python bench/composed_counts.py          prints the two rows
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

COMPANY = ROOT / "examples" / "company"


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands in the YAML files of one form of the company.

    `questions` are entries that write a question's source or translated text; `copied` are those that write the same
    words as an earlier one; `places` are the entries of the question that is written most often.
    """

    files: int
    lines: int
    questions: int
    copied: int
    places: int


def rendered(folder: Path) -> dict[str, str]:
    """Every interview of `folder` in production as one manifest, as `jmctl render --no-origins` prints it."""
    from reconciler.generate.resolved_text import resolved_lines
    from reconciler.project.config import load_config
    from reconciler.project.origins import composed_interviews

    documents = composed_interviews(load_config(folder, "production"))
    return {
        f"interviews/{document.value['metadata']['name']}.yaml": "".join(
            f"{line}\n" for line, _ in resolved_lines(document)
        )
        for document in documents
    }


def written(folder: Path) -> dict[str, str]:
    """The YAML files of `folder` but for jmctl.yaml, which both forms have."""
    files = (path for part in ("interviews", "sets", "texts") for path in sorted((folder / part).rglob("*.yaml")))
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in files}


def counted(files: dict[str, str]) -> Counts:
    found = [pair for path, data in files.items() for pair in _questions(data.encode(), path)]
    lines = sum(data.count("\n") for data in files.values())
    texts = {text for _, text in found}
    [(_, places)] = Counter(name for name, _ in found).most_common(1)
    return Counts(len(files), lines, len(found), len(found) - len(texts), places)


def _questions(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    from reconciler.yaml.load import parse

    for document in parse(data, path):
        whole = document.value
        for question in whole.get("questions") or whole.get("spec", {}).get("questions") or ():
            if "question" in question:
                yield question["id"], question["question"]
        for name, entry in whole.get("texts", {}).items():
            if not name.startswith("spec."):
                yield name, entry["text"]


def main() -> None:
    print(f"{'':<26} {'files':>6} {'lines':>6} {'questions':>10} {'copied':>7} {'places':>7}")
    for title, files in (("a manifest for each", rendered(COMPANY)), ("composed", written(COMPANY))):
        row = counted(files)
        print(f"{title:<26} {row.files:>6} {row.lines:>6} {row.questions:>10} {row.copied:>7} {row.places:>7}")


if __name__ == "__main__":
    main()
