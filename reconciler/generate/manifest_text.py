"""Puts a manifest together line by line, judges it, and leaves out, with the reason, what a manifest cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.compose.variables import escaped
from reconciler.errors import Problem
from reconciler.manifest.envelope import API_VERSION
from reconciler.project.validate import judge
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.interview.generate import declared_fields, declared_questions, made_by_service
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.resources.interview.questions import question_key
from reconciler.resources.mark import is_marked
from reconciler.resources.observed import Observed
from reconciler.text.sanitize import printable
from reconciler.yaml.emit import entry, inline

Spot = tuple[str | int, ...]
_IDENTITY = frozenset({"id", "external_id", "question"})
_SHORT = 60
_WIDTH = 96


@dataclass(slots=True)
class _Draft:
    """A manifest on its way: the lines with the field each belongs to, and what was left out so far and why."""

    fields: dict[str, Any]
    questions: list[dict[str, Any]]
    head: list[str]
    remarks: list[str]
    left_out: dict[Spot, str] = field(default_factory=dict)
    fatal: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[tuple[Spot, str]]:
        for line in self.head:
            yield ("metadata",), line
        yield (), "spec:"
        for name, value in self.fields.items():
            yield from self._entry((name,), value, "  ")
        for remark in self.remarks:
            yield (), f"  # {remark}"
        yield (), "  questions:"
        for index, question in enumerate(self.questions):
            for name, value in question.items():
                yield from self._entry(("questions", index, name), value, "      ")

    def _entry(self, spot: Spot, value: Any, indent: str) -> Iterator[tuple[Spot, str]]:
        if reason := self.left_out.get(spot):
            yield spot, f"{indent}# {reason}"
            return
        for number, line in enumerate(entry(str(spot[-1]), value, indent)):
            dashed = spot[-1] == "id" and number == 0 and len(spot) > 1
            yield spot, f"{indent[:-2]}- {line.removeprefix(indent)}" if dashed else line

    def object_to(self, problem: Problem, spot: Spot) -> None:
        """Leaves out the field at `spot`, if a manifest can do without it."""
        required = len(spot) == 1 and (spot[0] not in FIELDS or FIELDS[str(spot[0])].required)
        if not spot or required or spot in self.left_out or spot[-1] in _IDENTITY:
            self.fatal.append(f"{problem.summary}: {problem.detail}")
        else:
            self.left_out[spot] = f"{spot[-1]} is left out: {printable(problem.detail)}"


def unmanageable(observed: Observed) -> str | None:
    """Why no manifest can declare this interview; None when one can."""
    written = _written("any", observed, None)
    return "; ".join(written.fatal) if isinstance(written, _Draft) else None


def manifest_text(name: str, observed: Observed, *, import_id: str | None) -> str:
    """The manifest `name` of an interview that the service holds; with `import_id` it takes that one over.

    Raises ValueError for what is `unmanageable`.
    """
    written = _written(name, observed, import_id)
    if isinstance(written, _Draft):
        raise ValueError("; ".join(written.fatal))  # noqa: TRY004 - the value of the interview, not its type
    return written


def _written(name: str, observed: Observed, import_id: str | None) -> str | _Draft:
    draft = _Draft({}, [], _head(name, import_id), [], fatal=list(_beyond(observed)))
    if draft.fatal:
        return draft
    draft.fields, draft.questions = _escaped(declared_fields(observed)), _escaped(declared_questions(observed))
    draft.remarks = [*_remarks(observed)]
    while not draft.fatal:
        lines = list(draft.lines())
        text = "\n".join([*(line for _, line in lines), ""])
        problems = [problem for problem in judge(text.encode(), name)[1] if problem.severity == "error"]
        if not problems:
            return text
        # several problems of one field leave it out once
        for spot, problem in {_spot(lines, problem): problem for problem in reversed(problems)}.items():
            draft.object_to(problem, spot)
    return draft


def _escaped(value: Any) -> Any:
    """`value` as a manifest writes it: what looks like a variable is text here."""
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return escaped(value) if isinstance(value, str) else value


def _spot(lines: Sequence[tuple[Spot, str]], problem: Problem) -> Spot:
    at = problem.where.line if problem.where else 1
    return lines[min(at, len(lines)) - 1][0]


def _head(name: str, import_id: str | None) -> list[str]:
    taken_over = [f"  import: {inline(import_id)}"] if import_id is not None else []
    return [
        f"apiVersion: {API_VERSION}",
        f"kind: {INTERVIEW.name}",
        "metadata:",
        f"  name: {inline(name)}",
        *taken_over,
    ]


def _beyond(observed: Observed) -> Iterator[str]:
    """What jmctl cannot manage at all, and what a manifest must name and the service does not."""
    held = observed.attributes
    if observed.is_multistage:
        yield "a position of several stages has no questions of its own; jmctl manages single interviews"
        return
    if observed.status == "deleted":
        yield "it is deleted"
    kind = held.get("type")
    if kind not in ("interview", "coaching", "assessment"):
        yield f"jmctl does not manage the type {printable(str(kind))}"
        return
    missing = [
        name for name, row in FIELDS.items() if row.required and (not held.get(name) or not str(held[name]).strip())
    ]
    if missing:
        yield f"every manifest declares {', '.join(missing)}, and the service has nothing there"
    keys = [question_key(question) for question in held.get("questions") or ()]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        yield f"several questions have the external_id {printable(twice[0])}"


def _remarks(observed: Observed) -> Iterator[str]:
    """What a reader of the manifest would miss, one line each."""
    for name in made_by_service(observed):
        value = observed.attributes[name]
        shown = f" ({printable(value)})" if isinstance(value, str) and len(value) <= _SHORT else ""
        yield f"{name}{shown}: made by the service, unless a person wrote it; declare it to own it"
    code = str(observed.attributes.get("code") or "")
    if is_marked(code):
        yield f"code ({printable(code)}): the mark of jmctl, which writes it by itself"
    unseen = [name for name, row in FIELDS.items() if row.read is None or name not in observed.attributes]
    yield "The service does not show these, so they are not declared:"
    line = ""
    for name in unseen:
        if line and len(line) + len(name) > _WIDTH:
            yield f"  {line},"
            line = name
        else:
            line = f"{line}, {name}" if line else name
    yield f"  {line}"
