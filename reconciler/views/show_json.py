"""An interview as a candidate meets it, for machines. Credits are decimal numbers as text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.manifest.desired import Desired
from reconciler.resources.interview.cost import cost
from reconciler.views.question_tree import Asked, outline, times


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the manifest: the id and link of the state, the kind of template of an observation."""

    id: str | None = None
    link: str | None = None
    template_type: str | None = None


def show_json(desired: Desired, known: Known) -> dict[str, Any]:
    """Where it is declared, what it says, its questions as a tree, its times and its price."""
    spec, price = desired.spec, cost(desired.spec, known.template_type)
    time = times(spec["questions"])
    return {
        "version": 1,
        "name": desired.name,
        "path": desired.where.path,
        "line": desired.where.line,
        "id": known.id,
        "link": known.link,
        "spec": {name: value for name, value in spec.items() if name != "questions"},
        "questions": [_asked_json(item) for item in outline(spec["questions"])],
        "seconds": {"always": time.always, "all": time.all, "questions_without_time": time.unknown},
        "credits": {
            "least": str(price.least),
            "most": str(price.most),
            "by_kind": {kind: str(price.by_kind[kind]) for kind in price.by_kind},
            "is_duration_assumed": price.is_assumed,
        },
    }


def _asked_json(asked: Asked) -> dict[str, Any]:
    followups = [_asked_json(item) for item in asked.followups]
    return {"place": asked.place, "key": asked.key, **asked.question, "followups": followups}
