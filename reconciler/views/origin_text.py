"""Origins of values as lines and JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from reconciler.compose.provenance import PRECEDENCE, Candidate
from reconciler.errors import Where
from reconciler.text.sanitize import printable
from reconciler.text.wrap import cells
from reconciler.views.plan_values import shown

_COLUMN = 72  # of the origins beside a manifest, where its lines leave room


def origin_lines(name: str, path: str, candidates: Sequence[Candidate]) -> Iterator[str]:
    """The value that wins, the layers that declare one, and the order in which layers win."""
    yield click.style(f"{printable(name)}  {printable(path)}", bold=True)
    if not candidates:
        yield "  no layer declares it: it stays as it is on the service"
    width = max((cells(one.layer) for one in candidates), default=0)
    places = max((cells(str(one.where)) for one in candidates), default=0)
    for number, one in enumerate(candidates):
        is_part = path == "questions" or one.written is None
        sign = "  " if is_part else ("=>" if number == 0 else "  ")
        layer = printable(one.layer)
        where = printable(str(one.where))
        line = f"  {sign} {layer}{' ' * (width - cells(layer))}  {where}{' ' * (places - cells(where))}"
        value = "" if one.value is None and is_part else shown(one.value)
        written = f"  written {shown(one.written)}" if not is_part and one.written != one.value else ""
        yield click.style(f"{line}  {value}{written}".rstrip(), fg="green" if sign == "=>" else None)
    yield click.style(f"The first of these that declares a field wins: {'; '.join(PRECEDENCE)}.", dim=True)


def origin_json(name: str, path: str, candidates: Sequence[Candidate]) -> dict[str, Any]:
    """The same for machines: `candidates`, the one that wins first."""
    return {
        "version": 1,
        "name": name,
        "path": path,
        "precedence": list(PRECEDENCE),
        "candidates": [
            {"layer": one.layer, "source": str(one.where), "value": one.value, "written": one.written}
            for one in candidates
        ],
    }


def rendered_lines(lines: Sequence[tuple[str, Where | None]], *, origins: bool) -> Iterator[str]:
    """A manifest, with the place of each field as a comment beside its first line when `origins` are wanted."""
    before: Where | None = None
    for line, where in lines:
        text = printable(line)
        if origins and where is not None and where != before:
            yield f"{text}{' ' * max(2, _COLUMN - cells(text))}# {printable(str(where))}"
        else:
            yield text
        before = where
