"""The files of a new project, as text: jmctl.yaml, a first interview, the editor's settings. Pure."""

from __future__ import annotations

import json
from typing import Final

from reconciler.resources.catalogue import Avatar

SANDBOX: Final = "sandbox:.sandbox"
SERVICE: Final = "https://cool.jobmojito.com/functions/v1"

_SANDBOX_LINES = f"""\
# The embedded sandbox: nothing leaves this machine. For the real service, after `jmctl login`:
#   endpoint: {SERVICE}
endpoint: {SANDBOX}
"""
_SERVICE_LINES = f"""\
# The access token comes from `jmctl login`, or from JOBMOJITO_TOKEN. To try things without an account:
#   endpoint: {SANDBOX}
endpoint: {SERVICE}
"""
_STATES = {
    "state": "state: state",
    "git": "# In a ref of this repository, so that a pipeline's runner may be thrown away\nstate: git",
}
_CONFIG = """\
# What jmctl keeps here: interviews as code. See `jmctl --help`.
project: {project}
manifests:
  - interviews/**/*.yaml

{endpoint}{state}

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
  {avatar}
  mojito_language_code: {language}
  description: A short talk to try jmctl
  status: active
  type: interview
  visibility: merchant_invite
  is_embedded: true
  questions:
    - id: proud-of
      question: Tell us about a piece of work that you are proud of.
      duration: 120
    - id: hard-moment
      question: What was hard about it, and what did you do?
      duration: 90
    - id: next-step
      question: What would you like to learn next?
      duration: 60
"""
# what every sandbox has, and the avatar of a project that was not asked
USUAL_AVATAR: Final = "46b98d37-1557-4391-beca-03037ead19f2"

EDITOR_SETTINGS: Final = """\
{
  "yaml.schemas": {".jmctl/interview.schema.json": "interviews/**/*.yaml"}
}
"""


def config_text(project: str, endpoint: str, recipient: str, state: str = "state") -> str:
    """jmctl.yaml of a project called `project`, for the sandbox, the service or another URL; `state` is its store."""
    known = {SANDBOX: _SANDBOX_LINES, SERVICE: _SERVICE_LINES}
    lines = known.get(endpoint, f"endpoint: {endpoint}\n")
    return _CONFIG.format(project=project, endpoint=lines, recipient=recipient, state=_STATES[state])


def manifest_text(avatar: Avatar | str | None, *, is_sandbox: bool) -> str:
    """The first interview, with `avatar`, or with one of that name, which validation then looks for.

    None: the usual one of the sandbox, or a name that is still to be chosen.
    """
    if isinstance(avatar, str):
        line = f"avatar: {json.dumps(avatar, ensure_ascii=False)}"
    elif avatar is not None:
        line = f"interview_template_id: {avatar.id}   # {_one_line(avatar.name)}; others: jmctl lookup avatars"
    elif is_sandbox:
        line = f"interview_template_id: {USUAL_AVATAR}   # or avatar: NAME; see jmctl lookup avatars"
    else:
        line = "avatar: CHOOSE ONE   # the name of one that `jmctl lookup avatars` lists"
    language = (avatar.language if isinstance(avatar, Avatar) else None) or "en"
    return _MANIFEST.format(avatar=line, language=language)


def _one_line(text: str) -> str:
    """`text` from the service, fit for a comment of YAML."""
    return "".join(character if character.isprintable() else " " for character in text)
