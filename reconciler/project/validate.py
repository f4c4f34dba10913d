"""The content of one file -> the interviews it wants and everything that is wrong or suspicious in it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired
from reconciler.manifest.envelope import API_VERSION
from reconciler.manifest.explain import explain
from reconciler.manifest.resolve import resolve
from reconciler.manifest.text_lints import is_suspect, lint
from reconciler.resources.kind import KINDS, Kind, kind_named
from reconciler.resources.model import manifest_model, object_model
from reconciler.resources.part import PARTS, part_named
from reconciler.text.nearest import nearest
from reconciler.text.quote import kind, shown
from reconciler.yaml.document import Document
from reconciler.yaml.limits import bounded
from reconciler.yaml.load import survey

KIND = next(iter(KINDS))
_PARTS = frozenset(PARTS)
_START = f"start the document with `apiVersion: {API_VERSION}` and `kind: {KIND}`"
_NARROWER = "keep other files out of the patterns under `manifests` in jmctl.yaml"


def judge(data: bytes, path: str) -> tuple[list[Desired], list[Problem]]:
    """`data` is the content, `path` how places in it are called. A wrong document gives problems and no interview."""
    documents, problems = survey(data, path)
    if not problems and all(document.value is None for document in documents):
        hint = "write a manifest into it, or remove it"
        problems.append(Problem("empty file", "there is no document in it", hint, Where(path)))
    desired: list[Desired] = []
    reported = {problem.where.line for problem in problems if problem.where}
    lines = _suspect_lines(data) if documents else None
    for document in documents:
        if document.value is None:
            continue
        found = judge_part(document) if is_part(document) else judge_document(document)
        found += lint(document, lines) if lines else []
        # one line, one cause: what is wrong as YAML is not judged as a field, too
        problems += [problem for problem in found if not problem.where or problem.where.line not in reported]
        if not is_part(document) and not any(problem.severity == "error" for problem in found):
            of = document.value["kind"]
            desired.append(resolve(document, of, kind_named(of).complete(document.value["spec"])))
    return desired, bounded(problems)


def _suspect_lines(data: bytes) -> list[str] | None:
    """The lines of a file that holds anything to look at, else None: most hold nothing."""
    if not is_suspect(data):
        return None
    return re.split(r"\r\n?|\n", data.decode().removeprefix("\ufeff"))


def is_part(document: Document) -> bool:
    """Whether it is no resource by itself, but a part of others."""
    return isinstance(document.value, dict) and document.value.get("kind") in _PARTS


def judge_part(document: Document) -> list[Problem]:
    """Everything wrong or suspicious in a document that is a part of others; nothing for any other document."""
    if not is_part(document):
        return []
    part = part_named(document.value["kind"])
    model = object_model(part.shape)
    try:
        model.model_validate(document.value)
    except ValidationError as error:
        return explain(error, model, document, part.glossary())
    return part.check(document)


def judge_document(document: Document) -> list[Problem]:
    """Everything wrong or suspicious in the document of a resource."""
    if stranger := _stranger(document):
        if not _is_misspelt(document.value):
            return [stranger]
        # the other mistakes of the document are reported, too, as those of the kind that is meant
        meant = replace(document, value={**document.value, "kind": KIND})
        return [stranger, *judge_document(meant)]
    # a document whose kind is missing or no text is judged as the first kind: its model says so
    sort = document.value.get("kind")
    judged_by = kind_named(sort if sort in KINDS else KIND)
    model = manifest_model(judged_by)
    try:
        model.model_validate(_without_aliases(judged_by, document.value))
    except ValidationError as error:
        return explain(error, model, document, judged_by.glossary())
    return judged_by.check(document)


def _without_aliases(judged_by: Kind, value: dict[str, Any]) -> dict[str, Any]:
    """The document with a stand-in for each field that is written by its alias, so that it is not called missing."""
    spec = value.get("spec")
    if not isinstance(spec, dict):
        return value
    written = {alias.field: "-" for alias in judged_by.aliases if alias.row.name in spec and alias.field not in spec}
    return {**value, "spec": {**spec, **written}} if written else value


def _is_misspelt(value: Any) -> bool:
    """Whether the `kind` of a document is wrong, but nearly the right one."""
    sort = value.get("kind") if isinstance(value, dict) and value.get("apiVersion") == API_VERSION else None
    return isinstance(sort, str) and (sort.lower().startswith("interv") or nearest(sort, tuple(KINDS)) == KIND)


def _stranger(document: Document) -> Problem | None:
    """Why a document is no manifest at all, so that it is not measured against the fields of one."""
    value: Any = document.value
    if not isinstance(value, dict):
        return Problem("not a manifest", f"the document is {kind(value)}", _START, document.where)
    version, sort = value.get("apiVersion"), value.get("kind")
    if isinstance(version, str) and version != API_VERSION:
        detail = f"`apiVersion` is {shown(version)}, and this jmctl reads {API_VERSION}"
        ours = version.lower().startswith("jmctl")
        hint = f"write `apiVersion: {API_VERSION}`, or update jmctl if it is older than the file" if ours else _NARROWER
        return Problem("unknown kind of document", detail, hint, document.at("apiVersion"))
    if isinstance(sort, str) and sort not in KINDS:
        known = [*KINDS, *PARTS]
        detail = f"`kind` is {shown(sort)}, and the kinds are {', '.join(known)}"
        meant = KIND if sort.lower().startswith("interv") else nearest(sort, known)
        hint = f"write `kind: {meant}`" if meant else _NARROWER
        return Problem("unknown kind of document", detail, hint, document.at("kind"))
    if not {"apiVersion", "kind", "metadata", "spec"} & value.keys():
        return Problem("not a manifest", "it has none of apiVersion, kind, metadata, spec", _START, document.where)
    return None
