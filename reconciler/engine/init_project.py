"""Start a project, or join one that exists: write its files, never over what is there, and make an identity."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.atomic_file import create_file, replace_file
from reconciler.encryption.identities import create_identity, identity_file, recipients_of
from reconciler.engine.first_files import EDITOR_SETTINGS, SANDBOX, config_text, manifest_text
from reconciler.events import FilePrepared, IdentityReady, LinesAdded, RecipientReady, Subscriber
from reconciler.resources.catalogue import Avatar

CONFIG = "jmctl.yaml"
_IGNORED = ("state/*.lock", ".sandbox/")
_SCHEMA = Path(".jmctl/interview.schema.json")


def init_project(
    folder: Path, name: str | None, notify: Subscriber, endpoint: str = SANDBOX, state: str = "state"
) -> bool:
    """Makes `folder` a project called `name` (None: as the folder), or adds the user's public key to the one there.

    Returns whether the project is new; its first interview is then written by `write_first_interview`. Files that
    exist are kept, but for the JSON Schema, which is always the one of this jmctl. `state` of a new project is "state"
    or "git". Reports each file to `notify`.
    Raises Misconfigured when the user's identity cannot be read, OSError when a file cannot be written.
    """
    folder = folder.resolve()
    recipient = _identity(notify)
    config = folder / CONFIG
    is_new = is_new_project(folder)
    if is_new:
        _create(config, config_text(name or _project_name(folder), endpoint, recipient, state), notify)
        _create(folder / ".vscode" / "settings.json", EDITOR_SETTINGS, notify)
    else:
        _join(config, recipient, notify)
    _write_schema(folder / _SCHEMA)
    _ignore(folder / ".gitignore", notify)
    return is_new


def is_new_project(folder: Path) -> bool:
    """Whether `folder` has no jmctl.yaml yet."""
    return not (folder / CONFIG).exists()


def write_first_interview(
    folder: Path, avatar: Avatar | str | None, notify: Subscriber, endpoint: str = SANDBOX
) -> None:
    """Writes interviews/first.yaml with `avatar` or its name, never over what is there. Raises OSError."""
    text = manifest_text(avatar, is_sandbox=endpoint.startswith("sandbox:"))
    _create(folder.resolve() / "interviews" / "first.yaml", text, notify)


def write_pipeline(folder: Path, host: str, notify: Subscriber) -> None:
    """Writes the pipeline for `host`, github or gitlab, never over what is there. Raises OSError."""
    from reconciler import __version__
    from reconciler.forge.templates import PATHS, pipeline_text

    _create(folder.resolve() / PATHS[host], pipeline_text(host, __version__), notify)


def _identity(notify: Subscriber) -> str:
    """The public key of the user's identity, which is made when there is none."""
    path = identity_file()
    is_new = not path.exists()
    recipient = create_identity(path) if is_new else recipients_of(path)[0]
    notify(IdentityReady(path, is_new=is_new))
    return recipient


def _join(config: Path, recipient: str, notify: Subscriber) -> None:
    is_new = recipient not in config.read_text("utf-8")
    if is_new:
        from reconciler.yaml.edit import add_recipient

        add_recipient(config, recipient)
    notify(RecipientReady(config, is_new=is_new))


def _create(path: Path, text: str, notify: Subscriber) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        create_file(path, text.encode())
    except FileExistsError:
        notify(FilePrepared(path, is_new=False))
        return
    notify(FilePrepared(path, is_new=True))


def _write_schema(path: Path) -> None:
    import orjson

    from reconciler.engine.json_schema import manifest_schema

    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, orjson.dumps(manifest_schema(), option=orjson.OPT_INDENT_2) + b"\n")


def _ignore(path: Path, notify: Subscriber) -> None:
    known = path.read_text("utf-8").splitlines() if path.exists() else []
    missing = tuple(line for line in _IGNORED if line not in known)
    if missing:
        replace_file(path.resolve(), ("\n".join([*known, *missing]) + "\n").encode())
        notify(LinesAdded(path, missing))


def _project_name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-") or "interviews"
