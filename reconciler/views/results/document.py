"""One result for machines, as JSON or YAML: the service's answer unchanged, and beside it the join.

Whatever could move a cursor or reorder text is written as an escape, which every reader turns back into the same text.
"""

from __future__ import annotations

import re
from typing import Any

from reconciler.results.held import Held
from reconciler.results.join import Joined
from reconciler.results.provenance import Belonging
from reconciler.results.view import View, turn_fields

_UNSAFE = re.compile("[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def result_document(held: Held, view: View = "full") -> dict[str, Any]:
    """`version`, `result_id`, `manifest`, `listed` (the list's row), `details` (the API's answer), `answers` (joined).

    The standard view leaves out the raw data of turns, the summary all turns. Durations inside `details` are
    deciseconds, as the API counts them; those of `answers` are seconds.
    """
    detail, listed, belongs = held.detail, held.listed, held.belongs
    turns = [] if view == "summary" else [turn_fields(turn.fields, view) for turn in detail.transcript]
    return {
        "version": 1,
        "result_id": detail.result_id,
        "manifest": belonging_json(belongs),
        "listed": None if listed is None else dict(listed.fields),
        "details": {**detail.fields, **({} if view == "summary" else {"transcript": turns})},
        "answers": [join_json(join, belongs) for join in held.joins],
    }


def belonging_json(belongs: Belonging | None) -> dict[str, Any] | None:
    """`name`, `interview_id`, `revision` (0 is before the first known), `revisions`, `earlier`, `certain`."""
    if belongs is None:
        return None
    return {
        "name": belongs.entry.name,
        "interview_id": belongs.interview_id,
        "revision": belongs.revision,
        "revisions": belongs.revisions,
        "earlier": belongs.earlier,
        "certain": belongs.certain,
    }


def join_json(join: Joined, belongs: Belonging | None) -> dict[str, Any]:
    """One exchange: its turns by id, and where its question comes from."""
    exchange = join.exchange
    ds = exchange.total("duration")
    return {
        "position": exchange.position,
        "manifest": belongs.entry.name if belongs and join.question is not None else None,
        "key": join.key,
        "revision": belongs.revision if belongs else None,
        "wording": join.wording.value,
        "earlier": bool(belongs and belongs.earlier),
        "spoken": join.spoken.value if join.spoken else None,
        "question": join.then,
        "question_now": join.now,
        "question_turn": exchange.question.fields.get("id") if exchange.question else None,
        "answer_turns": [turn.fields.get("id") for turn in exchange.answers],
        "answered": exchange.is_answered,
        "score": exchange.mean("score"),
        "duration_seconds": None if ds is None else ds / 10,
    }


def as_json(document: Any) -> str:
    """The document as indented JSON."""
    import orjson

    return escape(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


def as_yaml(document: Any) -> str:
    """The document as YAML 1.2."""
    from io import StringIO

    from ruamel.yaml import YAML, ScalarNode
    from ruamel.yaml.representer import SafeRepresenter

    class Careful(SafeRepresenter):
        """Double quotes where there is something to escape, because only they know escapes."""

        def represent_str(self, data: str) -> ScalarNode:
            quoted = '"' if _UNSAFE.search(data) else None
            scalar: ScalarNode = self.represent_scalar("tag:yaml.org,2002:str", data, style=quoted)
            return scalar

    Careful.add_representer(str, Careful.represent_str)
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = Careful
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # declared as None
    yaml.width = 2**31  # a folded line could end inside an escape
    text = StringIO()
    yaml.dump(document, text)
    return escape(text.getvalue())


def escape(text: str) -> str:
    """JSON or double-quoted YAML with every unsafe character as an escape."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
