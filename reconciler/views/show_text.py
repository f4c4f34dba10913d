"""An interview as a candidate meets it, from what the manifest declares, in a column that a log can hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import click

from reconciler.manifest.desired import Desired
from reconciler.resources.interview.cost import BASES, STEPS, Cost, cost
from reconciler.text.sanitize import printable
from reconciler.text.wrap import flowed, wrapped
from reconciler.views.question_tree import Times, branches, outline, times
from reconciler.views.show_json import Known
from reconciler.views.show_words import facts, terms, time_words

_WIDTH = 80
_LABEL = 12
_VIEWS = {
    "is_without_scoring": "not scored",
    "is_candidate_asking_recruiter": "the candidate asks",
    "is_expert": "heard by an expert",
    "is_multiple_choice": "multiple choice",
}


def show_lines(desired: Desired, known: Known) -> Iterator[str]:
    """Everything a reviewer wants to read before a candidate does."""
    spec = desired.spec
    yield from (click.style(line, bold=True) for line in wrapped(spec["name"], _WIDTH))
    yield f"{printable(desired.name)}  {printable(str(desired.where))}"
    yield ""
    yield from _rows(facts(spec, known.id, known.link))
    yield from _passage("Description", spec["description"])
    yield from _passage("", flowed(spec.get("description_long") or ""))
    yield from _passage("Welcome", spec.get("welcome_message"))
    yield from _questions(spec)
    yield from _passage("Thanks", spec.get("thank_you_message"))
    yield from _heading("Terms")
    yield from _rows(terms(spec))
    yield from _price(cost(spec, known.template_type))


def _questions(spec: Mapping[str, Any]) -> Iterator[str]:
    questions = spec["questions"]
    yield from _heading(f"Questions: {_sum(questions, times(questions))}")
    if subset := spec.get("questions_random_subset"):
        yield f"  a random {subset:.0%} of them is asked"
    for first, rest, asked in branches(outline(questions), "  "):
        lines = list(wrapped(asked.question["question"], _WIDTH - len(first)))
        yield click.style(first, dim=True) + lines[0]
        details = [*lines[1:], *_details(asked.question, _WIDTH - len(rest))]
        yield from (click.style(rest if line else rest.rstrip(), dim=True) + line for line in details)


def _sum(questions: Sequence[Mapping[str, Any]], time: Times) -> str:
    parts = [str(len(questions))]
    if time.unknown < len(questions):
        parts.append(
            time_words(time.all) if time.always == time.all else f"{time_words(time.always)} to {time_words(time.all)}"
        )
    if time.unknown:
        parts.append(f"{time.unknown} without a time")
    return ", ".join(parts)


def _details(question: Mapping[str, Any], width: int) -> Iterator[str]:
    seconds = question.get("duration")
    words = [time_words(seconds) if seconds is not None else "no time given"]
    words += ["if the answer above calls for it"] if question.get("is_conditional") else []
    words += [text for name, text in _VIEWS.items() if question.get(name)]
    words += [f"in {question['mojito_language_code']}"] if question.get("mojito_language_code") else []
    choices = question.get("question_alternatives") or ()
    sign = "( )" if question.get("is_multiple_choice") else "or:"
    for choice in choices:
        first, *others = wrapped(choice, width - 4)
        yield f"{sign} {first}"
        yield from (f"    {line}" for line in others)
    yield from (click.style(line, fg="cyan") for line in wrapped(" · ".join(words), width))


def _price(price: Cost) -> Iterator[str]:
    least, most = _number(price.least), _number(price.most)
    yield from _heading(f"Credits for a completed interview: {least if least == most else f'{least} to {most}'}")
    extra = f" + {_number(price.recording)} for recording" if price.recording else ""
    for kind, amount in price.by_kind.items():
        base = f"({_number(BASES[kind])}{extra})" if extra else _number(BASES[kind])
        yield f"  {kind:<23} {_number(amount):>6}  = {base} x {price.times}"
    step = next((f"up to {time_words(most)}" for most, times in STEPS if times == price.times), "longer than an hour")
    yield f"  x {price.times}: it may last {step}" + ("; max_duration is not declared" if price.is_assumed else "")
    if len(price.by_kind) > 1:
        yield "  which one it is depends on the template; say it with --template-type"


def _rows(rows: Iterator[tuple[str, str | None]]) -> Iterator[str]:
    for label, text in rows:
        if text:
            first, *others = wrapped(text.replace("\n", " "), _WIDTH - _LABEL - 4)
            yield f"  {label:<{_LABEL}}  {first}"
            yield from (" " * (_LABEL + 4) + line for line in others)


def _passage(title: str, text: str | None) -> Iterator[str]:
    if not text:
        return
    yield from _heading(title) if title else [""]
    yield from (f"  {line}".rstrip() for line in wrapped(text, _WIDTH - 2))


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield click.style(title, bold=True)


def _number(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
