"""Where a state lives, as `state` in jmctl.yaml says it: a folder, a git ref, an object store or an http address. Pure.

    state                          a folder beside jmctl.yaml: state/ENVIRONMENT.json
    git                            the remote of this clone, in the ref refs/jmctl/state/ENVIRONMENT
    git:URL  git:URL#REF           another repository, in the ref REF/ENVIRONMENT (REF: a branch, or refs/...)
    s3://BUCKET/PREFIX             an object PREFIX/ENVIRONMENT.json; gs://BUCKET/PREFIX and az://CONTAINER/PREFIX too
    https://HOST/PATH              Terraform's http protocol, as GitLab speaks it, at the address PATH-ENVIRONMENT

Each environment has a document of its own wherever it lives, so that two environments never share a state.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

GIT_REF = "refs/jmctl/state"
OBJECT_SCHEMES = ("s3", "gs", "az")
FORMS = "a folder, git, git:URL#REF, s3://BUCKET/PREFIX, gs://…, az://… or https://…"
_REF_LENGTH = 150
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_WRONG_IN_REF = re.compile(r"\.\.|//|/\.|\.lock(?:/|$)|[./]$")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,220}")
_PREFIX = re.compile(r"[A-Za-z0-9._=-]+(?:/[A-Za-z0-9._=-]+)*")
_SCP = re.compile(r"(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._-]*:(?!:)(?!//)[^\s].*")


@dataclass(frozen=True, slots=True)
class Location:
    """A store's kind and its address there; `ref` is the git ref before the environment's name."""

    kind: Literal["folder", "git", "object", "http"]
    address: str
    ref: str = ""


def parse_location(setting: str) -> Location:
    """The location that `setting` names. Raises ValueError with the reason when it names none."""
    if setting == "git":
        return Location("git", "", GIT_REF)
    if setting.startswith("git:"):
        url, mark, ref = setting.removeprefix("git:").partition("#")
        if reason := git_address(url) or (git_ref(ref) if mark else ""):
            raise ValueError(reason)
        return Location("git", url, (ref if ref.startswith("refs/") else f"refs/heads/{ref}") if mark else GIT_REF)
    scheme, mark, _ = setting.partition("://")
    if not mark:
        return Location("folder", setting)
    if scheme in OBJECT_SCHEMES:
        if reason := _object_address(setting):
            raise ValueError(reason)
        return Location("object", setting.rstrip("/"))
    if scheme in ("https", "http"):
        if reason := _http_address(setting):
            raise ValueError(reason)
        return Location("http", setting.rstrip("/"))
    raise ValueError(f"no store is called {scheme}")


def git_address(url: str, *, credentials: bool = False) -> str:  # noqa: PLR0911 - a list of reasons
    """Why `url` is no address of a repository that may be used; empty when it is one.

    With `credentials` a user name and password may stand in it, as CI systems write them into a clone's remote.
    """
    if not url or url.startswith("-") or not url.isprintable() or "::" in url.partition("/")[0]:
        return "a repository's address is https://…, ssh://…, USER@HOST:PATH or /PATH"
    if url.startswith("/"):
        return ""
    if "://" not in url:
        return "" if _SCP.fullmatch(url) else "a repository's address is https://…, ssh://…, USER@HOST:PATH or /PATH"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "that is not an address"
    if parts.scheme == "file":
        return "" if parts.path.startswith("/") and not parts.netloc else "write file:///PATH"
    if parts.scheme not in ("https", "http", "ssh") or not host or host.startswith("-"):
        return "a repository's address is https://…, ssh://…, USER@HOST:PATH or /PATH"
    if not credentials and (parts.password or (parts.username and parts.scheme != "ssh")):
        return "it holds a user name or password; git's credential helpers keep them"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "http:// would send credentials in the clear; write https://"
    return ""


def git_ref(ref: str) -> str:
    """Why `ref` cannot hold a state; empty when it can."""
    if not _REF.fullmatch(ref) or _WRONG_IN_REF.search(ref) or len(ref) > _REF_LENGTH:
        return "a ref is a branch such as jmctl-state, or refs/…, of letters, digits, - . _ and /"
    if ref.startswith("refs/") and "/" not in ref.removeprefix("refs/"):
        return "a full ref has three parts, such as refs/jmctl/state"
    return ""


def _object_address(setting: str) -> str:
    try:
        parts = urlsplit(setting)
    except ValueError:
        return "that is not an address"
    if "@" in parts.netloc:
        return "it holds a key; credentials come from the environment"
    prefix = parts.path.strip("/")
    if parts.query or parts.fragment or not _BUCKET.fullmatch(parts.netloc):
        return f"write {parts.scheme}://BUCKET/PREFIX"
    if prefix and (not _PREFIX.fullmatch(prefix) or ".." in prefix.split("/") or "." in prefix.split("/")):
        return "a prefix is of letters, digits, - . _ = and /"
    return ""


def _http_address(setting: str) -> str:
    try:
        parts = urlsplit(setting)
        host = parts.hostname or ""
    except ValueError:
        return "that is not an address"
    if "@" in parts.netloc:
        return "it holds a user name or password; they come from TF_HTTP_USERNAME and TF_HTTP_PASSWORD"
    if not host or not setting.isprintable() or " " in setting:
        return "write https://HOST/PATH"
    if parts.query or parts.fragment or not parts.path.strip("/"):
        return "write https://HOST/PATH without what follows ? or #"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "http:// would send credentials in the clear; write https://"
    return ""
