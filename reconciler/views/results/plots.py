"""The plots of the report, as Vega-Lite describes them. They are narrow enough for a phone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.results.statistics import Step
from reconciler.results.wording_statistics import QuestionFigures
from reconciler.views.results.svg import drawn, label

_WIDTH = 210
_ROW = 26


def distribution(bins: Sequence[tuple[float, float, int]], words: str) -> Any:
    """How many scores lie in each step of the scale."""
    values = [{"low": low, "high": high, "count": count} for low, high, count in bins]
    most = max((count for _, _, count in bins), default=0)
    x = {"field": "low", "type": "quantitative", "title": "score", "axis": {"grid": False, "tickCount": 5}}
    y = _axis("count", "results", {"tickMinStep": 1, "tickCount": 3})
    marks = {"mark": {"type": "bar", "color": "var(--mark)", "binSpacing": 1}}
    spec = {
        "width": _WIDTH + 60,
        "height": 90,
        "data": {"values": values},
        **marks,
        "encoding": {
            "x": x | {"bin": {"binned": True}},
            "x2": {"field": "high"},
            "y": y | {"scale": {"domain": [0, max(most, 1)]}},
        },
    }
    return drawn(spec, words)


def scores(questions: Sequence[QuestionFigures], best: float, words: str) -> Any:
    """The mean score of every question in every wording with its interval: a dot for now, a square for the others."""
    values = [
        {
            "key": label(place, question.key) + ("" if number == 1 else f" {chr(96 + number)}"),
            "mean": wording.score.value,
            "low": wording.score.low if wording.score.low is not None else wording.score.value,
            "high": wording.score.high if wording.score.high is not None else wording.score.value,
            "kind": "now" if wording.is_current else "other",
        }
        for place, question in enumerate(questions, start=1)
        for number, wording in enumerate(question.wordings, start=1)
        if wording.score
    ]
    x = {"type": "quantitative", "scale": {"domain": [0, best]}, "axis": {"tickCount": 5}}
    colour = _two("color", ["var(--mark)", "var(--other)"])
    shape = _two("shape", ["circle", "square"])
    return drawn(
        _rows(
            values,
            {
                "mark": {"type": "rule", "strokeWidth": 3},
                "encoding": _range(x, "mean score and 95 % interval") | colour,
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {"x": x | {"field": "mean"}} | colour | shape,
            },
        ),
        words,
    )


def times(questions: Sequence[QuestionFigures], words: str) -> Any:
    """How long answers took: the middle eight tenths as a line, the median as a dot, the allotted time as a bar."""
    values = [
        {
            "key": label(place, question.key),
            "low": question.seconds[0],
            "mean": question.seconds[1],
            "high": question.seconds[2],
            "allotted": question.allotted,
        }
        for place, question in enumerate(questions, start=1)
        if question.seconds
    ]
    x = {"type": "quantitative", "scale": {"zero": True}, "axis": {"tickCount": 4}}
    return drawn(
        _rows(
            values,
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": "var(--mark)"},
                "encoding": _range(x, "seconds"),
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": "var(--mark)"},
                "encoding": {"x": x | {"field": "mean"}},
            },
            {
                "mark": {"type": "tick", "thickness": 3, "size": 18, "color": "var(--other)"},
                "encoding": {"x": x | {"field": "allotted"}},
                "transform": [{"filter": "isValid(datum.allotted)"}],
            },
        ),
        words,
    )


def funnel(steps: Sequence[Step], words: str) -> Any:
    """How many were still there, step by step."""
    values = [
        {"key": label(place, step.key), "there": step.there, "share": f"{step.share:.0%}"}
        for place, step in enumerate(steps)
    ]
    values[0]["key"], values[-1]["key"] = steps[0].key, steps[-1].key
    most = max((step.there for step in steps), default=0)
    x = {"field": "there", "type": "quantitative", "title": "still there", "axis": {"tickCount": 4, "tickMinStep": 1}}
    return drawn(
        _rows(
            values,
            {
                "mark": {"type": "bar", "color": "var(--mark)", "height": 14},
                "encoding": {"x": x | {"scale": {"domain": [0, max(most, 1) * 1.2]}}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": "var(--ink)", "fontSize": 12},
                "encoding": {"x": x, "text": {"field": "share"}},
            },
        ),
        words,
    )


def _rows(values: list[dict[str, Any]], *layers: dict[str, Any]) -> dict[str, Any]:
    """A row for each key, in the given order."""
    order = [value["key"] for value in values]
    y = {
        "field": "key",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {"labelLimit": 0, "grid": False},
    }
    return {
        "width": _WIDTH,
        "height": {"step": _ROW},
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": list(layers),
    }


def _range(x: dict[str, Any], title: str) -> dict[str, Any]:
    return {"x": x | {"field": "low", "title": title}, "x2": {"field": "high"}}


def _axis(field: str, title: str, axis: dict[str, Any]) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "axis": axis}


def _two(channel: str, values: list[str]) -> dict[str, Any]:
    """Colour is never alone: the shape and the label say the same."""
    return {channel: {"field": "kind", "legend": None, "scale": {"domain": ["now", "other"], "range": values}}}
