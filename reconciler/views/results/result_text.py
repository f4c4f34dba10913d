"""One result for a terminal. Nothing in it moves the cursor, hides or reorders text."""

from __future__ import annotations

from collections.abc import Iterator

import click

from reconciler.text.sanitize import printable
from reconciler.text.word_diff import LONGEST
from reconciler.text.wrap import wrapped, wrapped_as_is
from reconciler.views.results.format_value import amount, flat
from reconciler.views.results.result_layout import Fact, Outline, Passage
from reconciler.views.word_difference import word_difference

_LABEL = 24
_INDENT = "      "


def result_lines(result: Outline, width: int = 100) -> Iterator[str]:
    """The whole result, each line no wider than `width` where words allow it."""
    yield click.style(f"Result {printable(result.result_id)}", bold=True)
    yield from _labelled("manifest", result.belongs, width)
    for block in result.blocks:
        yield ""
        yield click.style(block.title, bold=True)
        for fact in block.facts:
            yield from _fact(fact, width)
    if result.expires:
        yield click.style("  the links above and below are signed and expire within minutes", fg="yellow")
    yield ""
    yield click.style("Transcript", bold=True)
    if not result.passages:
        yield "  nothing was said"
    for passage in result.passages:
        yield from _passage(passage, width)


def _passage(passage: Passage, width: int) -> Iterator[str]:
    sign = "↳" if passage.is_follow_up else str(passage.position)
    yield ""
    key = click.style(printable(passage.key or ("follow-up" if passage.is_follow_up else "no key")), bold=True)
    yield f"{sign:>3}  {key}  {click.style(printable(passage.origin), dim=True)}"
    yield from _spoken("Q", passage.question or "—", width, bold=True)
    if passage.now is not None:
        yield from _spoken("≠", _difference(passage.question, passage.now), width, safe=True)
    if passage.spoken is not None:
        yield from _spoken("~", passage.spoken, width)
    for fact in passage.facts:
        yield from _fact(fact, width, _INDENT)
    if not passage.answers:
        yield f"{_INDENT}not answered"
    for text, facts in passage.answers:
        yield from _spoken("A", text or "—", width)
        for fact in facts:
            yield from _fact(fact, width, _INDENT)


def _difference(before: str, after: str) -> str:
    if max(len(before), len(after)) > LONGEST:
        return f"now: {printable(after[:LONGEST])}"
    return word_difference(before, after)


def _spoken(sign: str, text: str, width: int, *, bold: bool = False, safe: bool = False) -> Iterator[str]:
    lines = wrapped_as_is(text, width - 6) if safe else wrapped(text, width - 6)
    for number, line in enumerate(lines):
        yield f"   {sign if number == 0 else ' '}  {click.style(line, bold=True) if bold else line}"


def _fact(fact: Fact, width: int, indent: str = "  ") -> Iterator[str]:
    if fact.kind == "any" and isinstance(fact.value, dict | list) and fact.value:
        yield f"{indent}{printable(fact.label)}"
        for depth, line in flat(fact.value):
            shift = indent + "  " * (depth + 1)
            for part in wrapped(line, width - len(shift)):
                yield shift + part
        return
    yield from _labelled(fact.label, amount(fact.kind, fact.value), width, indent)


def _labelled(label: str, value: str, width: int, indent: str = "  ") -> Iterator[str]:
    head = f"{indent}{printable(label):<{_LABEL}}  "
    first, *others = wrapped(value, max(width - len(head), 30))
    yield f"{click.style(head, dim=True)}{first}"
    yield from (" " * len(head) + line for line in others)
