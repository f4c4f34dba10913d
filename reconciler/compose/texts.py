"""Texts in other languages: which texts a source has, what a Texts document says for each, and whether it is stale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from reconciler.compose.context import Context
from reconciler.compose.layers import Layer
from reconciler.compose.library import Part
from reconciler.compose.variables import placeholders
from reconciler.errors import Problem, Where
from reconciler.resources.field import Field
from reconciler.resources.interview.questions import same_text, text_key
from reconciler.text.nearest import nearest
from reconciler.text.quote import listing, tick
from reconciler.text.word_diff import marked

_ALGORITHM = "sha256-"  # in front of the digits, which YAML could read as a number
_HEX_DIGITS = 12
SPEC = "spec."  # begins the name of a text that is a field of the interview itself


@dataclass(frozen=True, slots=True)
class Unit:
    """One text to be translated: its name in a Texts document, the text with its variables, and its place.

    `needed` says that there is no interview in another language without it.
    """

    name: str
    text: str
    where: Where
    needed: bool = True


def source_digest(text: str) -> str:
    """Names a source text; white space and Unicode forms do not count."""
    return f"{_ALGORITHM}{sha256(same_text(text).encode()).hexdigest()[:_HEX_DIGITS]}"


def handle_of(question: Mapping[str, Any]) -> str:
    """The name by which a question is used and translated: its id, else its external_id, else made from its text."""
    text = question.get("question")
    return str(question.get("id") or question.get("external_id") or (text_key(text) if isinstance(text, str) else ""))


def question_units(layer: Layer, fields: Mapping[str, Field]) -> Iterator[tuple[str, Unit]]:
    """Each text of one question with the field that it is of, in order."""
    handle = handle_of(layer.values)
    for name, row in fields.items():
        if row.translated is None or name not in layer.values:
            continue
        text = layer.written(name)
        if isinstance(text, str):
            unit = handle if name == "question" else f"{handle}/{name}"
            yield name, Unit(unit, text, layer.at(name), row.translated)
        elif isinstance(text, list):
            for number, item in enumerate(text):
                if isinstance(item, str):
                    yield name, Unit(f"{handle}/{name}/{number + 1}", item, layer.at(name, number), row.translated)


def spec_units(origins: Mapping[str, Layer], fields: Mapping[str, Field]) -> Iterator[tuple[str, Unit]]:
    """Each text of an interview's own fields with its field, in order."""
    for name, row in fields.items():
        if row.translated is None or name not in origins:
            continue
        text = origins[name].written(name)
        if isinstance(text, str) and text.strip():
            yield name, Unit(f"{SPEC}{name}", text, origins[name].at(name), row.translated)


def text_of(texts: Part, unit: str) -> Any:
    """The text of `unit` in a Texts document; None when it has none."""
    return texts.value("texts", unit, "text")


def translated(texts: Part, units: Sequence[tuple[str, Unit]]) -> tuple[Layer | None, list[Unit]]:
    """The layer that `texts` lays over what has `units`, and the units that it lacks and that are needed."""
    values: dict[str, Any] = {}
    spots: dict[str, tuple[str | int, ...]] = {}
    missing = []
    for name, unit in units:
        text = text_of(texts, unit.name)
        if not isinstance(text, str):
            missing += [unit] if unit.needed else []
            continue
        is_list = unit.name.rpartition("/")[2].isdigit() and "/" in unit.name
        values[name] = [*values.get(name, []), text] if is_list else text
        spots.setdefault(name, ("texts", unit.name, "text"))
    if not values:
        return None, missing
    title = f"texts in {texts.value('language')}"
    return Layer(title, texts.document, ("texts",), values, texts.raw, spots), missing


def check_texts(texts: Part, units: Mapping[str, Unit], context: Context) -> list[Problem]:
    """What is wrong or stale in a Texts document, each at its line; `units` are those of its source."""
    entries = texts.value("texts")
    found = []
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        unit = units.get(name)
        where = texts.document.at("texts", name)
        if unit is None:
            meant = nearest(name, units)
            hint = f"did you mean {tick(meant)}?" if meant else "remove it, or correct its name"
            detail = f"{tick(str(texts.value('of')))} has no text {tick(name)}"
            found.append(Problem("text for nothing", detail, hint, where, "warning"))
        elif isinstance(entry, dict):
            found += _checked(texts, unit, entry, context, where)
    return found


def is_stale(entry: Mapping[str, Any], unit: Unit) -> bool:
    """Whether a text was made from another source than `unit`, or does not say from which."""
    return entry.get("source") != source_digest(unit.text)


def _checked(texts: Part, unit: Unit, entry: Mapping[str, Any], context: Context, where: Where) -> Iterator[Problem]:
    raw = texts.raw.value["texts"][unit.name].get("text")
    text = raw if isinstance(raw, str) else ""
    # in a stale text the source may have got another variable; it is to be translated anew anyway
    is_fresh = "source" not in entry or not is_stale(entry, unit)
    if text and is_fresh and (lost := _placeholder_change(unit.text, text)):
        yield Problem("placeholders differ", lost, "use the same variables as the source text", where)
    command = f"jmctl texts accept {texts.value('of')} --language {texts.value('language')}"
    if "source" not in entry:
        detail = f"{tick(unit.name)} does not say from which text it was made"
        hint = f"if it fits the text at {unit.where}: {command} {unit.name}"
        yield Problem("text without its source", detail, hint, where, "warning")
    elif is_stale(entry, unit):
        before = entry.get("source_text")
        change = marked(before, unit.text) if isinstance(before, str) else f"now {tick(unit.text)}"
        detail = f"{tick(unit.name)} was made from an older text than {unit.where}: {change}"
        hint = f"translate it anew, or if it still fits: {command} {unit.name}"
        yield Problem("stale text", detail, hint, where, context.stale)


def _placeholder_change(source: str, text: str) -> str:
    """Which variables one of two texts has and the other has not; empty when they have the same."""
    want, have = placeholders(source), placeholders(text)
    lost = [f"`${{{name}}}`" for name in want if name not in have]
    extra = [f"`${{{name}}}`" for name in have if name not in want]
    parts = [f"the text lacks {listing(lost)}"] if lost else []
    parts += [f"the source has no {listing(extra)}"] if extra else []
    return " and ".join(parts)


def missing_texts(texts: Part, units: Mapping[str, Unit]) -> Problem:
    """That a Texts document lacks needed texts, at the place where they would stand."""
    names = [name for name, unit in units.items() if unit.needed and not isinstance(text_of(texts, name), str)]
    language, of = texts.value("language"), texts.value("of")
    detail = f"{listing([tick(name) for name in names[:3]])}"
    detail += f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - as many as are named
    hint = f"jmctl texts export --language {language} --out {language}.po has every text to translate"
    return Problem("missing text", f"{detail} of {tick(str(of))} in {language}", hint, texts.document.at("texts"))
