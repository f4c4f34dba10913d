"""A small company: defaults in two folders, one set, its German texts, one interview in two languages."""

from __future__ import annotations

from pathlib import Path

from reconciler.project.config import load_config
from reconciler.project.load import Manifests, read_manifests

SETTINGS = """\
project: acme
manifests: [interviews/**/*.yaml, sets/*.yaml, texts/*.yaml]
variables:
  company: {type: text, value: Tarnhavn}
  minutes: {type: number, value: 1200}
  unset: {type: text}
environments:
  staging: {variables: {company: Test}}
"""
DEFAULTS = """\
apiVersion: jmctl/v1
kind: Defaults
spec:
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  location: remote
  type: interview
  visibility: merchant_invite
  status: active
  max_duration: ${minutes}
environments:
  staging:
    spec: {status: draft}
    lifecycle: {on_remove: delete}
"""
NEARER = """\
apiVersion: jmctl/v1
kind: Defaults
spec: {location: Gdansk}
"""
SET = """\
apiVersion: jmctl/v1
kind: QuestionSet
metadata: {name: teamwork}
language: en
questions:
  - id: hard-ticket
    question: "Describe a difficult ticket you solved at ${company}."
    duration: 120
  - id: hard-ticket-why
    question: Why was it hard?
    is_conditional: true
    conditional_question_main_id: hard-ticket
"""
TEXTS = """\
apiVersion: jmctl/v1
kind: Texts
of: QuestionSet/teamwork
language: de
texts:
  hard-ticket:
    text: "Schildern Sie ein schwieriges Ticket bei ${company}."
    source: sha256-4ba82c26a009
  hard-ticket-why:
    text: Warum war es schwierig?
    source: sha256-000000000000
"""
OWN_TEXTS = """\
apiVersion: jmctl/v1
kind: Texts
of: Interview/support-agent
language: de
texts:
  spec.name: {text: Kundendienst}
  spec.description: {text: Erste Anlaufstelle}
  late: {text: Arbeiten Sie auch abends?}
"""
AGENT = """\
apiVersion: jmctl/v1
kind: Interview
metadata: {name: support-agent, labels: {team: support}}
languages: [en, de]
spec:
  name: Support agent
  description: First-line support, late shift
  questions:
    - use: teamwork
    - id: late
      question: Can you work late?
environments:
  staging: {spec: {questions: [{id: late, duration: 10}]}}
"""
FILES = {
    "interviews/_defaults.yaml": DEFAULTS,
    "interviews/pl/_defaults.yaml": NEARER,
    "interviews/pl/agent.yaml": AGENT,
    "sets/teamwork.yaml": SET,
    "texts/teamwork.de.yaml": TEXTS,
    "texts/agent.de.yaml": OWN_TEXTS,
}


class Company:
    """A project on disk that is read in this process; paths are shown from its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("jmctl.yaml", SETTINGS)
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Replaces one text in a file, which has to hold it."""
        text = (self.folder / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def read(self, environment: str | None = None) -> Manifests:
        config = load_config(self.folder, environment)
        return read_manifests(config.root, config.manifests, None, config.manifest_places, config.composition)
