"""Where the values of one interview come from, and the interview as it resolves. Sends nothing, writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.compose.provenance import Candidate, candidates, paths_of
from reconciler.engine.project import Project
from reconciler.errors import Misused, Where
from reconciler.generate.resolved_text import resolved_lines
from reconciler.project.origins import composed_interviews
from reconciler.resources.kind import kind_named
from reconciler.text.nearest import did_you_mean
from reconciler.text.sanitize import printable


@dataclass(frozen=True, slots=True)
class Explained:
    """One field of one interview: the values that layers declare, the one that wins first; none when no layer does."""

    name: str
    path: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One interview as it resolves: its manifest, and each line of that with the place that it comes from."""

    manifest: dict[str, Any]
    lines: tuple[tuple[str, Where | None], ...]


def explain_field(project: Project, name: str, path: str) -> Explained:
    """The origin of the field at `path`, such as `status` or `questions.KEY.duration`.

    Raises Invalid when the manifests hold mistakes, Misused for an interview or a field that is not there.
    """
    document = _document(project, name)
    kind = kind_named(str(document.value["kind"]))
    found = candidates(document, path, kind)
    if found is None:
        hint = did_you_mean(path, [*paths_of(document), *kind.fields], before=f"jmctl explain {name} ")
        raise Misused("no such field", printable(path), hint=hint or "the reference lists them: jmctl schema")
    return Explained(name, path, tuple(found))


def render(project: Project, name: str) -> Rendered:
    """The interview `name` as one manifest that stands by itself. Raises as `explain_field`."""
    document = _document(project, name)
    return Rendered(dict(document.value), tuple(resolved_lines(document)))


def _document(project: Project, name: str) -> Any:
    wanted = {item.name for item in project.manifests().desired}
    for document in composed_interviews(project.config, name) if name in wanted else ():
        return document
    hint = did_you_mean(name, wanted, before="jmctl render ") or "see: jmctl validate --format json"
    raise Misused("no such interview among the manifests", printable(name), hint=hint)
