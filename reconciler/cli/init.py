"""jmctl init: what a new project needs, or what a new colleague needs in an existing one. Never overwrites."""

from __future__ import annotations

import re
from pathlib import Path

import click

from reconciler.atomic_file import create_file, replace_file
from reconciler.cli.options import json_bytes, say
from reconciler.encryption import create_identity, identity_file, recipients_of

_CONFIG = """\
# What jmctl keeps here: interviews as code. See `jmctl --help`.
project: {project}
manifests:
  - interviews/**/*.yaml

# The embedded sandbox: nothing leaves this machine. For the real service:
#   endpoint: https://cool.jobmojito.com/functions/v1
# and the access token in JOBMOJITO_TOKEN, or printed by a token_command.
endpoint: sandbox:.sandbox
state: state

# Embed keys are sealed to these public keys before they are written.
recipients:
  - {recipient}
"""

_MANIFEST = """\
# yaml-language-server: $schema=../.jmctl/interview.schema.json
apiVersion: jmctl/v1
kind: Interview
metadata:
  name: first-interview
spec:
  name: My first interview
  location: remote
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  mojito_language_code: en
  description: A short talk to try jmctl
  status: draft
  type: interview
  visibility: merchant_invite
  questions:
    - id: proud-of
      question: Tell us about a piece of work that you are proud of.
      duration: 120
"""

_IGNORED = ("state/*.lock", ".sandbox/")
_SCHEMA = Path(".jmctl/interview.schema.json")


@click.command()
@click.option("--project", metavar="NAME", help="The project's name. Default: that of the folder.")
def command(*, project: str | None) -> None:
    """Start a project here, or join the one that is here."""
    folder: Path = click.get_current_context().obj["directory"].resolve()
    recipient = _identity()
    config = folder / "jmctl.yaml"
    if config.exists():
        _join(config, recipient)
    else:
        _write(config, _CONFIG.format(project=project or _project_name(folder), recipient=recipient))
        _write(folder / "interviews" / "first.yaml", _MANIFEST)
    _write_schema(folder / _SCHEMA)
    _ignore(folder / ".gitignore")
    click.echo("Ready. Next: jmctl plan")


def _identity() -> str:
    path = identity_file()
    if path.exists():
        say(f"your identity is {path}")
        return recipients_of(path)[0]
    recipient = create_identity(path)
    say(f"made your identity {path}: it opens embed keys; keep a copy somewhere safe, never in a repository")
    return recipient


def _join(config: Path, recipient: str) -> None:
    if recipient in config.read_text("utf-8"):
        say(f"kept {config.name}: your public key is among its recipients")
        return
    from reconciler.yaml.edit import add_recipient

    add_recipient(config, recipient)
    say(f"added your public key to the recipients in {config.name}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        create_file(path, text.encode())
    except FileExistsError:
        say(f"kept {path.name}")
        return
    say(f"wrote {path.parent.name}/{path.name}")


def _write_schema(path: Path) -> None:
    """Always as this jmctl knows it: it is generated, and no human edits it."""
    from reconciler.project.json_schema import manifest_schema

    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json_bytes(manifest_schema()) + b"\n")


def _ignore(path: Path) -> None:
    known = path.read_text("utf-8").splitlines() if path.exists() else []
    missing = [line for line in _IGNORED if line not in known]
    if missing:
        replace_file(path.resolve(), ("\n".join([*known, *missing]) + "\n").encode())
        say(f"{path.name}: added {', '.join(missing)}")


def _project_name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-") or "interviews"
