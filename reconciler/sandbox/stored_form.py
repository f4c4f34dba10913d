"""What the service makes of a create or update before it stores anything: the switches that drop or rewrite values."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox.contract import document
from reconciler.sandbox.switches import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.switches import Switches

_MARK_LENGTH: Final = 32
_REWRITES: Final[dict[str, Callable[[str], str | None]]] = {
    "kept": lambda text: text,
    "stripped": lambda _: None,
    "cut": lambda text: text[:_MARK_LENGTH],
    "lower": str.lower,
    "upper": str.upper,
    "trimmed": str.strip,
    "nfc": lambda text: unicodedata.normalize("NFC", text),
    "lf": lambda text: text.replace("\r\n", "\n").replace("\r", "\n"),
}
_SWITCH_OF: Final = {"code": "mark_is", "name": "name_is", "description": "texts_are", "description_long": "texts_are"}
_WATCHED: Final = ("mark_is", "name_is", "texts_are", "external_ids_kept", "fields_ignored")


def stored_form(operation: str, request: dict[str, Any], switches: Switches) -> dict[str, Any]:
    """The request as the service takes it; the same object while every switch here has its default."""
    if all(switches[name] == DEFAULTS[name] for name in _WATCHED):
        return request
    required = document()["schemas"][document()["operations"][operation]["request"]]["required"]
    ignored = set(switches["fields_ignored"]) - set(required)
    taken = {
        field: _rewritten(value, switches[_SWITCH_OF[field]]) if field in _SWITCH_OF else value
        for field, value in request.items()
        if field not in ignored
    }
    if taken.get("questions"):
        taken["questions"] = [_question(question, switches) for question in taken["questions"]]
    return taken


def _rewritten(value: Any, how: str) -> Any:
    return _REWRITES[how](value) if isinstance(value, str) else value


def _question(question: dict[str, Any], switches: Switches) -> dict[str, Any]:
    taken = question | {"question": _rewritten(question["question"], switches["texts_are"])}
    return taken if switches["external_ids_kept"] else {key: taken[key] for key in taken if key != "external_id"}
