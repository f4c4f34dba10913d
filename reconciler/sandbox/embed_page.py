"""The pages of an embedded interview as HTML: plain forms that work without script, everything from outside escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.embed_link import Link
    from reconciler.sandbox.embed_visit import Visit
    from reconciler.sandbox.steps import Step

_RIGHT_TO_LEFT: Final = frozenset({"ar", "he", "fa", "ur"})


@cache
def headers() -> tuple[tuple[str, str], ...]:
    """Headers of every page: nothing is loaded from anywhere, only the two texts below may style and run."""
    policy = (
        f"default-src 'none'; style-src '{_hash('embed.css')}'; script-src '{_hash('embed.js')}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors *"
    )
    return (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),  # with no-referrer a browser sends `Origin: null` with the form
        ("Cache-Control", "no-store"),
    )


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(name: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()}"


def start_page(link: Link, query: Mapping[str, str]) -> str:
    """What the visitor sees first: the interview's name and length, and who takes it."""
    columns, steps = link.interview.columns, link.interview.steps
    welcome = next((step.get("text") for step in steps if step["kind"] == "welcome"), None)
    count = sum(step["kind"] == "question" for step in steps)
    minutes = max(1, round(sum(step.get("duration") or 120 for step in steps if step["kind"] == "question") / 60))
    hidden = "".join(_hidden(name, value) for name, value in query.items())
    length = f"{_counted(count, 'question')}, about {_counted(minutes, 'minute')}. You type your answers."
    draft = "" if columns["status"] == "active" else '<p class="note">Draft: the result is marked as a test.</p>'
    who = (
        f'<p>You take it as <strong dir="auto">{escape(link.name or "")}</strong> ({escape(link.email or "")}).</p>'
        if link.is_signed
        else _field("visitor_name", "Your name", "name") + _field("visitor_email", "Your email address", "email")
    )
    body = f"""
<h1 dir="auto">{escape(columns["name"] or "Interview")}</h1>
{draft}<p dir="auto">{_lines(welcome or columns["description"] or "")}</p>
<p>{length}</p>
<form method="post" action="/embed/visits">{hidden}{who}<button>Start the interview</button></form>"""
    return _page(columns["name"] or "Interview", columns["mojito_language_code"], body)


def question_page(visit: Visit, step: Step, name: str, language: str | None) -> str:
    """The question that is asked now, and the form that takes its answer."""
    number, count = visit.progress
    language = step.get("mojito_language_code") or language
    choices = (step.get("question_alternatives") or []) if step.get("is_multiple_choice") else []
    seconds = step.get("duration")
    hint = f"Up to {_duration(seconds)}." if seconds else "Take the time that you need."
    limit = f' data-seconds="{escape(str(int(seconds)))}"' if seconds else ""
    answer = _choices(choices) if choices else _typed(step)
    body = f"""
<p class="step"><span>Question {number} of {count}</span>
<progress value="{number - 1}" max="{count}" aria-label="Questions answered">{number - 1} of {count}</progress></p>
<form method="post"{limit}>{_hidden("question", step["id"])}
<h1 id="asked" lang="{escape(language or "en")}" dir="auto">{_lines(step["question"])}</h1>
<p id="hint">{hint} <span id="left" aria-hidden="true"></span></p>
{answer}
<button>{"Finish" if number == count else "Next question"}</button></form>"""
    return _page(f"Question {number} of {count} - {name}", "en", body)


def end_page(name: str, thanks: str | None) -> str:
    """What the visitor sees once the result is stored."""
    body = f"""
<h1>Thank you</h1>
<p dir="auto">{_lines(thanks or "Your answers have been stored. You can close this page.")}</p>"""
    return _page(f"Thank you - {name}", "en", body)


def refusal_page(title: str, text: str) -> str:
    """Why a link opens nothing."""
    return _page(title, "en", f'\n<div role="alert"><h1>{escape(title)}</h1>\n<p>{escape(text)}</p></div>')


def _page(title: str, language: str | None, body: str) -> str:
    language = language or "en"
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    return f"""<!doctype html>
<html lang="{escape(language)}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{escape(title)}</title><style>{_asset("embed.css")}</style></head>
<body><main>{body}
</main><footer lang="en" dir="ltr">jmctl sandbox: a simulated service. Nothing leaves this machine.</footer>
<script>{_asset("embed.js")}</script></body></html>
"""


def _typed(step: Step) -> str:
    label = "Your question to the recruiter" if step.get("is_candidate_asking_recruiter") else "Your answer"
    return (
        f'<label for="answer">{label}</label>'
        '<textarea id="answer" name="answer" rows="7" maxlength="20000" aria-describedby="hint" dir="auto" autofocus>'
        "</textarea>"
    )


def _choices(choices: list[str]) -> str:
    options = "".join(
        f'<label class="choice"><input type="radio" name="answer" value="{escape(choice)}"> <span dir="auto">'
        f"{escape(choice)}</span></label>"
        for choice in choices
    )
    return f'<fieldset aria-describedby="hint"><legend>Your choice</legend>{options}</fieldset>'


def _field(name: str, label: str, kind: str) -> str:
    typed = "email" if kind == "email" else "text"
    return (
        f'<label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="{typed}" autocomplete="{kind}" maxlength="200" required>'
    )


def _hidden(name: str, value: Any) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(str(value))}">'


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest)
    return " ".join(parts) or "1 s"
