"""A sentence for each kind of error that a model finds: summary, detail, hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from reconciler.text.nearest import nearest
from reconciler.text.quote import kind, listing, shown, tick
from reconciler.text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconciler.yaml.document import Path

_MANY = 12  # choices in a sentence; more are a list
_TOO_MANY = 60  # choices in a hint at all
_YES, _NO = {"yes", "on", "y", "true", "1"}, {"no", "off", "n", "false", "0"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One error of pydantic with what is known about its place: what the model says there and what the file says."""

    type: str
    path: Path
    value: Any
    expected: Any
    description: str
    limits: Mapping[str, Any]
    siblings: Mapping[str, Any]
    owner: Mapping[str, Any]
    written: str = ""

    @property
    def name(self) -> str:
        return str(self.path[-1]) if self.path else ""

    @property
    def choices(self) -> tuple[Any, ...]:
        return get_args(self.expected) if get_origin(self.expected) is Literal else ()


def subject(path: Path, whole: str) -> str:
    """A path as one says it: "`duration` of question 3", "`spec.status`", "entry 2 of `spec.tags`"."""
    if not path:
        return whole
    if path[0] == "questions" and len(path) > 1:  # those of a set
        return subject(("spec", *path), whole)
    if path[:2] == ("spec", "questions") and len(path) > 2:  # noqa: PLR2004 - spec, questions, number
        question = f"question {int(path[2]) + 1}"
        return question if len(path) == 3 else f"{subject(path[3:], '')} of {question}"  # noqa: PLR2004
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {subject(path[:-1], whole)}"
    return tick(".".join(map(str, path)))


def meaning(finding: Finding) -> str:
    """The field's description as the end of a hint."""
    if not finding.description:
        return ""
    text = finding.description.partition(". ")[0].rstrip(".")
    return f" ({text if text[:2].isupper() else text[0].lower() + text[1:]})"


def _choice(finding: Finding, about: str) -> tuple[str, str, str]:
    value = finding.value
    choices = [str(choice) for choice in finding.choices]
    if isinstance(value, str):
        meant = nearest(value, choices) or next((item for item in choices if item == value[:2].lower()), None)
        if meant:
            return "unknown value", f"{about} is {shown(value)}", f"did you mean `{meant}`?"
    if len(choices) > _TOO_MANY:
        hint = f"write one of the {len(choices)} values that `jmctl schema` lists{meaning(finding)}"
        return "unknown value", f"{about} is {shown(value)}", hint
    where = "" if len(choices) <= _MANY else "possible: "
    hint = f"{where}{', '.join(choices)}" if where else f"write {listing(choices)}"
    return "unknown value", f"{about} is {shown(value)}", hint


def _flag(finding: Finding, about: str) -> tuple[str, str, str]:
    word = str(finding.value).lower()
    meant = "true" if word in _YES else "false" if word in _NO else "true` or `false"
    hint = f"write `{finding.name}: {meant}` without quotes"
    return "wrong type", f"{about} is {kind(finding.value)}, but must be true or false", hint


def _number(finding: Finding, about: str) -> tuple[str, str, str]:
    whole = "a number" if finding.type == "float_type" else "a whole number"
    hint = f"write {whole}{meaning(finding)}"
    if isinstance(finding.value, str) and finding.value.strip().replace(".", "", 1).isdigit():
        hint = f"write it without quotes: `{finding.name}: {finding.value.strip()}`"
    return "wrong type", f"{about} is {kind(finding.value)}, but must be {whole}", hint


def _text(finding: Finding, about: str) -> tuple[str, str, str]:
    hint = "write text; a text that starts with [ or { needs quotes"
    if isinstance(finding.value, bool | int | float):
        quoted = f'"{finding.written}"'
        hint = f"put quotes around it: `{quoted if isinstance(finding.path[-1], int) else f'{finding.name}: {quoted}'}`"
    what = kind(finding.value)
    if finding.written:
        what = what.replace(shown(finding.value), finding.written)
    return "wrong type", f"{about} is {what}, but must be text", hint


def _list(finding: Finding, about: str) -> tuple[str, str, str]:
    hint = "write one entry a line below it, each starting with `- `"
    if finding.path[-2:] == ("spec", "questions"):
        hint = "write each question on a line of its own below it: `- question: ...`"
    return "wrong type", f"{about} is {kind(finding.value)}, but must be a list", hint


def _mapping(finding: Finding, about: str) -> tuple[str, str, str]:
    hint = "write its fields as indented `key: value` lines below it"
    if isinstance(finding.value, str) and len(finding.path) > 1 and finding.path[-2] == "questions":
        hint = "write `- question: ` before the text"
    return "wrong type", f"{about} is {kind(finding.value)}, but must hold fields of its own", hint


def _blank(finding: Finding, about: str) -> tuple[str, str, str]:
    return "empty text", f"{about} must not be blank", f"write a value{meaning(finding)}"


def _pattern(finding: Finding, about: str) -> tuple[str, str, str]:
    value = str(finding.value)
    if not value.strip():
        return _blank(finding, about)
    if "a-z0-9-" in str(finding.limits.get("pattern")):
        example = slug(value)
        hint = "use a-z, 0-9 and -, starting and ending with a letter or digit"
        return "malformed name", f"{about} is {shown(value)}", f"{hint}: `{example}`" if example else hint
    if "A-Za-z0-9" in str(finding.limits.get("pattern")):
        hint = "use letters, digits, _ . / and -, starting and ending with a letter or digit"
        return "malformed label", f"{about}: {shown(value)} is no label", hint
    detail = f"{about} is {shown(value)}, with white space at an end or a line break inside"
    return "malformed text", detail, "remove the spaces around it and keep it on one line"


def _long(finding: Finding, about: str) -> tuple[str, str, str]:
    most = finding.limits.get("max_length")
    return (
        "text too long",
        f"{about} has {len(str(finding.value))} characters; at most {most} are allowed",
        "shorten it",
    )


def _range(finding: Finding, about: str) -> tuple[str, str, str]:
    limits = finding.limits
    bounds = (("le", "more than"), ("ge", "less than"), ("gt", "not more than"))
    limit = next((f"{words} {limits[name]:g}" for name, words in bounds if name in limits), "")
    detail = f"{about} is {shown(finding.value)}, {limit}"
    return "out of range", detail, f"write a number within the range{meaning(finding)}"


def _few(finding: Finding, about: str) -> tuple[str, str, str]:
    return "empty list", f"{about} has no entries", f"add at least one entry{meaning(finding)}"


def anything(finding: Finding, about: str) -> tuple[str, str, str]:
    return "not valid", f"{about} is {kind(finding.value)}", f"write a value{meaning(finding)}"


BY_TYPE: dict[str, Callable[[Finding, str], tuple[str, str, str]]] = {
    "literal_error": _choice,
    "bool_type": _flag,
    "int_type": _number,
    "int_from_float": _number,
    "float_type": _number,
    "multiple_of": _number,
    "string_type": _text,
    "list_type": _list,
    "dict_type": _mapping,
    "model_type": _mapping,
    "string_too_short": _blank,
    "string_pattern_mismatch": _pattern,
    "string_too_long": _long,
    "greater_than_equal": _range,
    "less_than_equal": _range,
    "greater_than": _range,
    "too_short": _few,
}
