"""The recipients of jmctl.yaml, each tried by sealing to it: a wrong letter is a mistake at its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reconciler.errors import Misconfigured, Problem
from reconciler.text.quote import kind

if TYPE_CHECKING:
    from reconciler.yaml.document import Document, Path

_HINT = "write a public key: age1..., ssh-ed25519 AAAA... or ssh-rsa AAAA..."
_FORM = "write `{name: NAME, key: age1...}`, or the public key alone"


def recipient_problems(document: Document) -> list[Problem]:
    """What is wrong with the recipients in every environment. Seals to each; runs no plugin."""
    sections: list[tuple[Path, dict[str, Any]]] = [((), document.value)]
    sections += [(("environments", name), values) for name, values in document.value.get("environments", {}).items()]
    return [
        problem
        for path, values in sections
        if isinstance(values.get("recipients"), list)
        for problem in _section(document, (*path, "recipients"), values["recipients"])
    ]


def _section(document: Document, path: Path, recipients: list[Any]) -> Iterator[Problem]:
    from reconciler.encryption.recipients import has_form, recipient_fault

    found = False
    for index, recipient in enumerate(recipients):
        key = recipient.get("key") if isinstance(recipient, dict) else recipient
        where = document.at(*path, index)
        if isinstance(recipient, dict) and (wrong := _form_fault(recipient)):
            yield Problem("not a public key", f"entry {index + 1} of `recipients` {wrong}", _FORM, where)
        elif not isinstance(key, str):
            yield Problem("not a public key", f"entry {index + 1} of `recipients` is {kind(key)}", _FORM, where)
        elif fault := recipient_fault(key):
            detail = f"entry {index + 1} of `recipients` is no public key{f': {fault}' if has_form(key) else ''}"
            yield Problem("not a public key", detail, _HINT, where)
        else:
            continue
        found = True
    if recipients and not found and (fault := _together(recipients)):
        yield Problem("cannot seal to the recipients", fault, "correct `recipients` in jmctl.yaml", document.at(*path))


def _form_fault(recipient: dict[str, Any]) -> str | None:
    if unknown := [key for key in recipient if key not in ("name", "key")]:
        return f"has a key that is not known: {unknown[0]}"
    if not isinstance(recipient.get("name"), str) or not recipient["name"].strip():
        return "has no name"
    return None if isinstance(recipient.get("key"), str) else "has no key"


def _together(recipients: list[Any]) -> str | None:
    """Why one file cannot be sealed to all of them: age does not mix post-quantum recipients with others."""
    from reconciler.encryption.age import seal
    from reconciler.encryption.recipients import is_plugin
    from reconciler.secret import Secret

    keys = [one["key"] if isinstance(one, dict) else one for one in recipients]
    native = [key for key in keys if not is_plugin(key)]  # plugins are run by apply alone
    try:
        if native:
            seal(Secret(""), native)
    except Misconfigured as error:
        return error.problems[0].detail
    return None
