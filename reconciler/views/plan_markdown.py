"""A plan as Markdown for a comment: summary and refusals first, one folded block a change, the worst first. Pure.

What people wrote stands in fences and in HTML code elements only, so no mention, link, image or markup of theirs is
live. A fence is longer than any run of backticks inside, and no line of a fence begins with text of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import click

from reconciler.plan.model import Change
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable
from reconciler.views.plan_review import SIGNS, PlanReview, left_out_text, moved_text, title_of
from reconciler.views.plan_text import change_lines
from reconciler.views.settings_text import settings_lines

COMMENT = 65_536  # characters that a comment on GitHub holds
_RESERVE = 4_000  # of them for the end, where names of what did not fit stand
_NAMES = 100  # of changes that did not fit
_INDENT = 6  # of the lines of a change


def plan_markdown(review: PlanReview, limit: int = COMMENT) -> str:
    """The document in at most `limit` characters: blocks that do not fit are dropped from the bottom and named."""
    document = "\n".join(_head(review))
    changes = review.worst_first
    dropped: list[Change] = []
    for change in changes:
        block = _block(change)
        if dropped or len(document) + len(block) > limit - _RESERVE:
            dropped.append(change)
        else:
            document += block
    return document + "\n".join(_tail(review, dropped))


def fenced(lines: Iterable[str], language: str = "text") -> str:
    """`lines` in a fence that none of them can end."""
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _head(review: PlanReview) -> list[str]:
    parts = [f"<p><b>jmctl plan</b> <code>{_code(review.heading.text())}</code></p>", ""]
    if not review.plan.observed:
        parts += ["The service was not asked: compared with what was last applied.", ""]
    if review.plan.origin and review.plan.origin.goes_back:
        parts += [fenced([f"! this apply {printable(review.plan.origin.goes_back)}"]), ""]
    parts += [f"**{review.summary()}**", ""]
    if refused := review.refused_text():
        lines = []
        for problem in review.refusals:
            place = f"{problem.where}: " if problem.where else ""
            lines.append(f"! {problem.code} {printable(f'{place}{problem.summary}: {problem.detail}')}")
            lines += [f"  hint: {printable(line)}" for line in problem.hint.splitlines()]
        parts += [f"**{refused}**", "", fenced(_cut(lines, COMMENT // 4)), ""]
    if causes := [printable(cause.text()) for cause in review.causes]:
        parts += ["**Causes in shared files**", "", fenced(_cut(causes, COMMENT // 8)), ""]
    if settings := [click.unstyle(line) for line in settings_lines(review.plan)]:
        parts += [fenced(_cut([line[_INDENT:] if line[:1] == " " else line for line in settings], COMMENT // 8)), ""]
    return parts


def _block(change: Change) -> str:
    sign, _, words = SIGNS[change.action.value]
    if change.blocked:
        sign, words = "!", f"{words}: refused"
    title = f": <code>{_code(title_of(change))}</code>" if title_of(change) else ""
    first, *lines = (click.unstyle(line) for line in change_lines(change, "full"))
    place = f"@ {change.where}" if change.where else first.strip()
    body = fenced([printable(place), *(line[_INDENT:] for line in lines)], "diff")
    head = f"<details><summary><code>{escape(sign)}</code> <b>{escape(change.name)}</b> {words}{title}</summary>"
    return f"\n{head}\n\n{body}\n\n</details>\n"


def _tail(review: PlanReview, dropped: Sequence[Change]) -> list[str]:
    lines = [""]
    if dropped:
        named = [f"{SIGNS[change.action.value][0].strip()} {change.name}"[:60] for change in dropped[:_NAMES]]
        rest = len(dropped) - len(named)
        more = [f"and {counted(rest, 'more')}"] if rest else []
        said = f"{counted(len(dropped), 'change')} did not fit into this comment; see: jmctl plan --full"
        lines += [said, "", fenced(_cut([*named, *more], _RESERVE // 2)), ""]
    if review.plan.left_out:
        lines += [fenced([printable(left_out_text(review.plan.left_out))[: _RESERVE // 4]]), ""]
    if review.plan.moved:
        lines += [fenced([printable(moved_text(review.plan.moved))[: _RESERVE // 4]]), ""]
    if review.plan.pending:
        lines.append(f"Digest: `{review.plan.digest}`")
    return [*lines, ""]


def _cut(lines: Sequence[str], most: int) -> list[str]:
    """As many lines as fit into `most` characters, and how many did not."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > most:
            return [*kept, f"… and {counted(len(lines) - len(kept), 'more line')}"]
        kept.append(line)
    return kept


def _code(text: str) -> str:
    return escape(printable(text)[:300])
