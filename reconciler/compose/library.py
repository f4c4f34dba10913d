"""Library: the files of a project that are composed, and who declares what, parsed when first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.compose.context import Context
from reconciler.compose.source import Source
from reconciler.compose.variables import SIGN, substituted
from reconciler.errors import Problem
from reconciler.yaml.document import Document

SELF = "self"
_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a file; `raw` is the document before variables were replaced."""

    document: Document
    raw: Document
    source: Source

    @property
    def kind(self) -> str:
        """What its `kind` says; empty when that is no text."""
        kind = self.document.value.get("kind") if isinstance(self.document.value, dict) else None
        return kind if isinstance(kind, str) else ""

    def value(self, *path: str) -> Any:
        """What stands at `path`; None when nothing does."""
        found = self.document.value
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        return found


def roles_of(document: Document) -> Iterator[str]:
    """What other documents may ask for that this one declares."""
    value: Any = document.value
    if not isinstance(value, dict):
        return
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    match value.get("kind"):
        case "QuestionSet" if isinstance(name, str):
            yield f"QuestionSet/{name}"
        case "Interview" if isinstance(name, str) and "languages" in value:
            yield f"Interview/{name}"
        case "Texts":
            yield f"Texts/{value.get('of')}/{value.get('language')}"


@dataclass(slots=True)
class Library:
    """The sources of a project by what they declare. Not to be shared between threads."""

    context: Context
    defaults: Mapping[str, Source]
    _roles: dict[str, tuple[Source, int]] = field(default_factory=dict)
    _parsed: dict[str, tuple[list[Part], list[Problem]]] = field(default_factory=dict)
    unreadable: bool = False

    def declare(self, source: Source, roles: Iterable[tuple[str, int]]) -> list[tuple[str, Source]]:
        """Notes that document `number` of `source` declares a role; gives those that another declares already."""
        taken = []
        for role, number in roles:
            first = self._roles.setdefault(role, (source, number))
            if first != (source, number):
                taken.append((role, first[0]))
        return taken

    def find(self, role: str) -> Part | None:
        """The document that declares `role`."""
        if role not in self._roles:
            return None
        source, number = self._roles[role]
        parts = self.parts(source)
        return parts[number] if number < len(parts) else None

    def known(self, kind: str) -> list[str]:
        """The names of what is declared of one kind, sorted."""
        return sorted(role.removeprefix(f"{kind}/") for role in self._roles if role.startswith(f"{kind}/"))

    def current(self, role: str, source: Source) -> Source | None:
        """The file that stands for `role` where `source` is composed."""
        kind, _, number = role.partition("/")
        if kind == SELF:
            return source
        if kind == "defaults":
            chain = self.chain(source)
            return chain[int(number)] if int(number) < len(chain) else None
        return self._roles[role][0] if role in self._roles else None

    def chain(self, source: Source) -> list[Source]:
        """The files of defaults that hold for `source`, the nearest first."""
        if not self.defaults or source.is_defaults:
            return []
        found, folder = [], source.location.rpartition("/")[0]
        while folder:
            if folder in self.defaults:
                found.append(self.defaults[folder])
            folder = folder.rpartition("/")[0]
        return found

    def parts(self, source: Source) -> list[Part]:
        """The documents of `source`, with their variables replaced."""
        return self._read(source)[0]

    def problems(self, source: Source) -> list[Problem]:
        """What is wrong with `source` as YAML, and with its variables."""
        return self._read(source)[1]

    def _read(self, source: Source) -> tuple[list[Part], list[Problem]]:
        if source.location not in self._parsed:
            from reconciler.yaml.load import survey  # a project whose files are all known parses none

            documents, problems = survey(source.data, source.shown)
            self.unreadable |= bool(problems)
            parts = []
            lines = lines_of(source.data) if SIGN.encode() in source.data and documents else []
            for document in documents:
                if document.value is None:
                    continue
                own, wrong = substituted(document, lines, self.context) if lines else (document, [])
                problems = [*problems, *wrong]
                parts.append(Part(own, document, source))
            self._parsed[source.location] = parts, problems
        return self._parsed[source.location]


def lines_of(data: bytes) -> Sequence[str]:
    """The lines of a file that was read as YAML."""
    return _BREAK.split(data.decode("utf-8", "replace").removeprefix("\ufeff"))
