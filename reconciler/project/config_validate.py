"""The content of jmctl.yaml -> its settings and the places of its keys, or every problem of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from reconciler.errors import Invalid, Problem, Where
from reconciler.manifest.explain import explain
from reconciler.project.config_checks import check_settings, secret
from reconciler.project.config_model import SETTINGS, Settings
from reconciler.project.recipient_checks import recipient_problems
from reconciler.yaml.load import parse

if TYPE_CHECKING:
    from reconciler.yaml.document import Mark, Path


def judge_settings(data: bytes, path: str) -> tuple[dict[str, Any], dict[Path, Mark]]:
    """The settings as written; raises Invalid. A secret is reported first and alone: no other message repeats it."""
    if problem := secret(data, path):
        raise Invalid([problem])
    documents = [document for document in parse(data, path) if document.value is not None]
    if len(documents) != 1:
        detail = "there is more than one document in it" if documents else "nothing is set in it"
        hint = "keep one document" if documents else "write at least `project: NAME`"
        raise Invalid([Problem("not a configuration", detail, hint, documents[1].where if documents else Where(path))])
    document = documents[0]
    try:
        Settings.model_validate(document.value)
    except ValidationError as error:
        problems = explain(error, Settings, document, SETTINGS)
        raise Invalid(sorted(problems, key=lambda problem: problem.where or Where(path))) from None
    if problems := [*check_settings(document), *recipient_problems(document)]:
        raise Invalid(sorted(problems, key=lambda problem: problem.where or Where(path)))
    return document.value, document.marks
