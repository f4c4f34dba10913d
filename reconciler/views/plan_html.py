"""A plan as one HTML page: texts and questions, old beside new, in whole, with their times. Pure.

Everything that people wrote is escaped; the policy in the head forbids scripts, requests and every style but the one
of this page, so that even a mistake in escaping would do nothing.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import Any

from reconciler.plan.model import Change, StateFinding
from reconciler.text.sanitize import printable
from reconciler.views.plan_review import (
    SIGNS,
    PlanReview,
    after_of,
    before_of,
    left_out_text,
    moved_text,
    moves_of,
    notes_of,
    title_of,
)
from reconciler.views.plan_style import STYLE
from reconciler.views.plan_values import question_facts
from reconciler.views.settings_text import FINDINGS, finding_text, setting_text


def plan_html(review: PlanReview) -> str:
    """The page."""
    style = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    title = f"Plan: {review.heading.text()}"
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_said(title)}</title><style>{STYLE}</style></head>\n<body><main>\n"
    )
    return head + "\n".join(_body(review, title)) + "\n</main></body></html>\n"


def _body(review: PlanReview, title: str) -> Iterator[str]:
    yield f"<h1>{_said(title)}</h1>"
    if not review.plan.observed:
        yield "<p>The service was not asked: compared with what was last applied.</p>"
    if review.plan.origin and review.plan.origin.goes_back:
        yield f'<p class="bad">This apply {_said(review.plan.origin.goes_back)}</p>'
    yield f"<p><strong>{_said(review.summary())}</strong></p>"
    if review.refusals:
        yield f'<p class="bad"><strong>{_said(review.refused_text())}</strong></p>'
        yield from _listed(
            f"{problem.code} {problem.where or ''} {problem.summary}: {problem.detail}" for problem in review.refusals
        )
    for label, changes in (
        ("Settings, compared with the last apply", review.plan.changed_settings),
        ("Settings that take effect after the merge", review.plan.after_merge),
    ):
        if changes:
            yield f"<p>{label}</p>"
            yield from _listed(setting_text(change) for change in changes)
    yield from _findings(review.plan.findings)
    if review.plan.left_out:
        yield f"<p>{_said(left_out_text(review.plan.left_out))}</p>"
    if review.plan.moved:
        yield f"<p>{_said(moved_text(review.plan.moved))}</p>"
    for change in review.worst_first:
        yield from _change(change)
    if review.plan.pending:
        yield f'<p class="soft">Digest: {review.plan.digest}</p>'


def _findings(findings: tuple[StateFinding, ...]) -> Iterator[str]:
    for kind, heading in FINDINGS.items():
        if found := [finding for finding in findings if finding.kind == kind]:
            yield f'<p class="bad">{heading}</p>'
            yield from _listed(map(finding_text, found))


def _change(change: Change) -> Iterator[str]:
    _, _, words = SIGNS[change.action.value]
    yield f"<section><h2>{_said(title_of(change) or change.name)}</h2>"
    place = f" · {change.where}" if change.where else ""
    yield f'<p class="soft">{_said(change.name)} · {words}{_said(place)}</p>'
    if change.blocked:
        yield f'<p class="bad">refused: {_said(change.blocked.summary)}: {_said(change.blocked.detail)}</p>'
    yield from _listed([*(move.text() for move in moves_of(change)), *notes_of(change)])
    before, after = before_of(change) or {}, after_of(change) or {}
    rows = [*_fields(before, after), *_questions(before, after)] if after else []
    if rows:
        yield "<table><thead><tr><th scope=col>What</th><th scope=col>Now</th><th scope=col>After</th></tr></thead>"
        yield from ("<tbody>", *rows, "</tbody></table>")
    yield "</section>"


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name, value in after.items():
        if name != "questions" and before.get(name) != value:
            yield _row(name, _plain(before.get(name)), _plain(value))


def _questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """As a candidate hears them: each text with its time; in the order after the change, removed ones last."""
    old, new = _by_key(before.get("questions")), _by_key(after.get("questions"))
    for place, key in enumerate([*new, *(key for key in old if key not in new)], 1):
        was, now = _asked(old.get(key)), _asked(new.get(key))
        label = f"Question {place}" if key in new else f"Question {key}, removed"
        yield _row(label, was, now, same=was == now)


def _by_key(questions: Any) -> dict[str, Mapping[str, Any]]:
    found = questions if isinstance(questions, list) else []
    return {str(one.get("external_id") or one.get("id")): one for one in found if isinstance(one, dict)}


def _asked(question: Mapping[str, Any] | None) -> str:
    if question is None:
        return ""
    return "\n".join(filter(None, [str(question.get("question")), " · ".join(question_facts(question))]))


def _row(label: str, old: str, new: str, *, same: bool = False) -> str:
    kinds = ("", "") if same else (" class=old" if old else "", " class=new" if new else "")
    return (
        f"<tr><th scope=row>{_said(label)}</th><td{kinds[0]} data-side=now>{_said(old) or '—'}</td>"
        f"<td{kinds[1]} data-side=after>{_said(new) or '—'}</td></tr>"
    )


def _plain(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _listed(texts: Any) -> Iterator[str]:
    items = "".join(f"<li>{_said(text)}</li>" for text in texts)
    if items:
        yield f"<ul>{items}</ul>"


def _said(text: str) -> str:
    return escape(printable(text, keep_newlines=True))
