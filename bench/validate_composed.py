"""1,000 interviews composed from 200 manifests, 8 sets and their texts: cold, unchanged, after one set was edited.

python bench/validate_composed.py        prints CPU seconds and peak memory of `jmctl validate`
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "cs", "pl")
HEAD = "apiVersion: jmctl/v1\nkind: {}\n"
TEMPLATE = "46b98d37-1557-4391-beca-03037ead19f2"


def source(text: str) -> str:
    return f"sha256-{sha256(text.encode()).hexdigest()[:12]}"


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text(text)


def project(root: Path, manifests: int, sets: int, questions: int) -> None:
    patterns = "[interviews/*.yaml, sets/*.yaml, texts/*.yaml]"
    write(root, "jmctl.yaml", f"project: big\nmanifests: {patterns}\nendpoint: sandbox:.sandbox\n")
    fields = "location: remote, type: interview, visibility: merchant_invite, status: draft"
    defaults = f"{HEAD.format('Defaults')}spec: {{interview_template_id: {TEMPLATE}, {fields}}}\n"
    write(root, "interviews/_defaults.yaml", defaults)
    for number in range(sets):
        texts = {f"s{number}-q{at}": f"Question {at} of set {number}?" for at in range(questions)}
        body = "".join(f"  - id: {key}\n    question: {text}\n    duration: 60\n" for key, text in texts.items())
        head = f"metadata: {{name: s{number}}}\nlanguage: en\nquestions:\n"
        write(root, f"sets/s{number}.yaml", HEAD.format("QuestionSet") + head + body)
        for language in LANGUAGES[1:]:
            body = "".join(
                f"  {key}:\n    text: {language} {text}\n    source: {source(text)}\n" for key, text in texts.items()
            )
            head = f"of: QuestionSet/s{number}\nlanguage: {language}\ntexts:\n"
            write(root, f"texts/s{number}.{language}.yaml", HEAD.format("Texts") + head + body)
    for number in range(manifests):
        own = {"spec.name": f"Interview {number}", "spec.description": f"About {number}"}
        used = f"    - use: s{number % sets}\n    - use: s{(number + 3) % sets}\n"
        body = f"spec:\n  name: {own['spec.name']}\n  description: {own['spec.description']}\n  questions:\n{used}"
        head = f"metadata: {{name: i{number:03}}}\nlanguages: [{', '.join(LANGUAGES)}]\n"
        write(root, f"interviews/i{number:03}.yaml", HEAD.format("Interview") + head + body)
        documents = [
            f"{HEAD.format('Texts')}of: Interview/i{number:03}\nlanguage: {language}\ntexts:\n"
            + "".join(f"  {key}: {{text: {language} {text}, source: {source(text)}}}\n" for key, text in own.items())
            for language in LANGUAGES[1:]
        ]
        write(root, f"texts/i{number:03}.yaml", "---\n".join(documents))


def measured(root: Path, what: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(Path(sys.executable).with_name("jmctl")), "validate"]
    environment = os.environ | {"XDG_CACHE_HOME": str(root / "cache"), "XDG_CONFIG_HOME": str(root / "config")}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:<12} {seconds:6.2f} s  {after.ru_maxrss // 1024} MiB at most so far  {done.stdout.strip()}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        project(root, manifests=200, sets=8, questions=5)
        measured(root, "cold")
        measured(root, "unchanged")
        edited = root / "sets" / "s0.yaml"
        edited.write_text(edited.read_text().replace("duration: 60", "duration: 90", 1))
        measured(root, "one set")
        measured(root, "unchanged")


if __name__ == "__main__":
    main()
