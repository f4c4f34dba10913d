"""What the models of jmctl.yaml do not judge: addresses, guards, and secrets. Pure."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reconciler.errors import Problem, Where
from reconciler.state.location import FORMS, parse_location
from reconciler.text.nearest import did_you_mean
from reconciler.text.quote import kind, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.yaml.document import Document, Path

_SECRET = re.compile(
    rb"AGE-SECRET-KEY-|-----BEGIN [A-Z ]*PRIVATE KEY|\bsb_secret_|\beyJ[A-Za-z0-9_-]{10,}\.([A-Za-z0-9_-]{4,})"
)
_PUBLIC_ROLE = "anon"  # what the gateway's public key names, which every visitor of the vendor's pages receives
_SHARE = re.compile(r"(?:100|[0-9]{1,2})%")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def secret(data: bytes, path: str) -> Problem | None:
    """A private key or token in the file, reported without repeating it."""
    found = next((one for one in _SECRET.finditer(data) if not _is_public(one.group(1))), None)
    if found is None:
        return None
    hint = "remove it, and make a new one if the file was ever committed; the token belongs in JOBMOJITO_TOKEN or "
    hint += "`token_command`, a private key in a file of your own named with --identity"
    where = Where(path, data.count(b"\n", 0, found.start()) + 1, found.start() - data.rfind(b"\n", 0, found.start()))
    return Problem("secret in the configuration", "a private key or token stands in this line", hint, where)


def _is_public(payload: bytes | None) -> bool:
    """Whether this is the payload of a JWT that is the gateway's public key."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))) if payload else None
    except ValueError:
        return False
    return isinstance(claims, dict) and claims.get("role") == _PUBLIC_ROLE and "sub" not in claims


def check_settings(document: Document) -> list[Problem]:
    """What is wrong with settings that the models accept, in every environment."""
    sections: list[tuple[Path, dict[str, Any]]] = [((), document.value)]
    sections += [(("environments", name), values) for name, values in document.value.get("environments", {}).items()]
    problems = [problem for path, values in sections for problem in _section(document, path, values)]
    return [*problems, *_variables(document)]


def _variables(document: Document) -> Iterator[Problem]:
    """Values that are not of the type of their variable, and values of variables that are not declared."""
    declared = document.value.get("variables", {})
    head = ("variables",)
    values: list[tuple[Path, str, Any]] = [
        ((*head, name, "value"), name, one["value"]) for name, one in declared.items() if one.get("value") is not None
    ]
    for environment, own in document.value.get("environments", {}).items():
        path = ("environments", environment)
        values += [((*path, *head, name), name, value) for name, value in own.get("variables", {}).items()]
    for place, name, value in values:
        if name not in declared:
            hint = did_you_mean(name, declared) or f"declare it: `variables: {{{name}: {{type: text}}}}`"
            detail = f"`{name}` is not declared under `variables`"
            yield Problem("unknown variable", detail, hint, document.at(*place))
        elif not _is_of(value, declared[name].get("type", "text")):
            wanted = declared[name].get("type", "text")
            detail = f"`{name}` is {kind(value)}, and its type is {wanted}"
            yield Problem("wrong type", detail, f"write {_EXAMPLES[wanted]}, or another `type`", document.at(*place))


_EXAMPLES = {"text": "a text, in quotes if it looks like a number", "number": "a number", "flag": "true or false"}


def _is_of(value: Any, wanted: str) -> bool:
    match wanted:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "flag":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _section(document: Document, path: Path, values: dict[str, Any]) -> Iterator[Problem]:
    def problem(summary: str, detail: str, hint: str, *inner: str | int) -> Problem:
        return Problem(summary, detail, hint, document.at(*path, *inner))

    for name in ("endpoint", "embed_url"):
        if name in values and (wrong := _address(name, values[name])):
            yield problem(*wrong, name)
    if reason := _location(values.get("state")):
        yield problem("not a place for the state", reason, f"write {FORMS}", "state")
    command = values.get("token_command")
    if "token_command" in values and not _is_command(command):
        detail = f"`token_command` is {kind(command)}, but must be text or a list of words"
        yield problem(
            "wrong type", detail, "write it as one text: `token_command: pass show jobmojito`", "token_command"
        )
    guards = values.get("guards", {})
    if "max_destroy" in guards and not _is_limit(guards["max_destroy"]):
        detail = f"`guards.max_destroy` is {kind(guards['max_destroy'])}"
        yield problem(
            "wrong type", detail, "write a number such as `5`, or a share such as `30%`", "guards", "max_destroy"
        )


def _location(setting: str | None) -> str:
    """Why `setting` names no store; empty when it names one. Never repeats what may hold a password."""
    try:
        if setting is not None:
            parse_location(setting)
    except ValueError as error:
        text = "`state`" if "@" in (setting or "") else f"`state` is {shown(setting)}"
        return f"{text}: {error}"
    return ""


def _address(name: str, address: str) -> tuple[str, str, str] | None:  # noqa: PLR0911 - a list of reasons
    if name == "endpoint" and address.startswith("sandbox:"):
        if address.removeprefix("sandbox:").strip():
            return None
        return "no folder", "`endpoint` names no folder for the sandbox", "write `endpoint: sandbox:.sandbox`"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "not an address", f"`{name}` is not an address", "write https://host/path"
    if parts.username or parts.password:
        return "secret in the configuration", f"`{name}` holds a user name or password", "write the address without it"
    if parts.scheme not in {"https", "http"} or not host:
        hint = "write https://host/path" + (
            ", or sandbox:FOLDER for the simulated service" if name == "endpoint" else ""
        )
        return "not an address", f"`{name}` is {shown(address)}", hint
    if parts.scheme == "http" and host not in _LOOPBACK:
        return (
            "unprotected address",
            f"`{name}` is {shown(address)}; tokens would travel in the clear",
            "write https://",
        )
    if parts.query or parts.fragment:
        return "not an address", f"`{name}` is {shown(address)}", "leave out what follows ? or #"
    return None


def _is_command(command: Any) -> bool:
    if isinstance(command, list):
        return bool(command) and all(isinstance(word, str) for word in command) and bool(command[0].strip())
    return command is None or (isinstance(command, str) and bool(command.strip()))


def _is_limit(limit: Any) -> bool:
    if isinstance(limit, str):
        return bool(_SHARE.fullmatch(limit))
    return isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0
