"""What tests of results are made of: a manifest in the state, the contract's example, a hostile candidate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workshop import interview

from reconciler.results.held import Held, held
from reconciler.results.listed_result import Listed
from reconciler.results.model import detail
from reconciler.results.provenance import index
from reconciler.state.model import Entry, Revision, State, Superseded

HERE = Path(__file__).parent
RESULT = "7d1e0000-5a1e-4c0d-9f00-000000000200"
NOW = "7d1e0000-5a1e-4c0d-9f00-000000000010"
FORMER = "7d1e0000-5a1e-4c0d-9f00-000000000009"
EXAMPLE: dict[str, Any] = json.loads((HERE / "details.json").read_bytes())
QUESTIONS: list[dict[str, Any]] = [
    {
        "external_id": "support/hard-ticket",
        "question": "Describe a hard ticket you solved, and how.",
        "question_alternatives": ["Tell me about a hard ticket."],
        "duration": 120,
    },
    {
        "external_id": "support/hard-ticket/followup",
        "question": "What would you do differently today?",
        "is_conditional": True,
    },
    {"external_id": "support/shifts", "question": "Which shifts could you work?", "duration": 60},
]
UNSAFE = "\x00\x07\x1b\x7f\x9b\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff"
EVIL = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "</style></title></textarea><svg onload=document.title='owned'><iframe srcdoc='<script>top.document.title=1</script>'>"  # noqa: E501 - as it comes
    "<a href=\"javascript:document.title='owned'\">x</a> ![i](https://evil.example/i.png) [l](javascript:alert(1)) "
    "<https://evil.example> https://evil.example www.evil.example ~~s~~ **b** `c` {{ 7 * 7 }} {% raw %} &lt;b&gt; | a | b |\n"  # noqa: E501 - as it comes
    "# heading\n1. one\n- item\n    indented\n---\n```\nfence\n"
    f"\x1b[31mred\x1b]0;owned\x07\x9b2J\rback\u202eevil\u2066{UNSAFE}"
)


def state(*, history: bool = True, revisions: int = 2) -> State:
    """A state that remembers one interview, its earlier one and its revisions of 2026-01-10 and 2026-02-10."""
    entry = Entry(
        interview("support"),
        NOW,
        {"type": "interview", "mojito_language_code": "en", "questions": QUESTIONS},
        history=(Superseded(FORMER, None, None, "2026-01-05T00:00:00Z"),) if history else (),
        revisions=tuple(Revision(f"2026-0{month}-10T00:00:00Z", str(month)) for month in range(1, revisions + 1)),
    )
    return State("lineage", 1, {interview("support"): entry})


def row(**fields: Any) -> Listed:
    """A row of the list for the result."""
    return Listed(
        {
            "id": "row",
            "interview_result_id": RESULT,
            "definition_id": NOW,
            "candidate_name": "Ada",
            "candidate_email": "ada@example.invalid",
            "mojito_language_code": "en",
            "created_at": "2026-01-20T13:59:00Z",
            "updated_at": "2026-01-20T14:06:00Z",
        }
        | fields
    )


def example(body: dict[str, Any] = EXAMPLE, **fields: Any) -> Held:
    """A result of the manifest in `state`."""
    return held(detail(RESULT, body), row(**fields), index(state()))


def hostile(text: str = EVIL) -> dict[str, Any]:
    """The example where everything that a candidate or an AI writes is `text`, fields and keys of their own too."""
    body: dict[str, Any] = json.loads(json.dumps(EXAMPLE))
    for name in ("score_text", "ai_completion_reason", "ai_analysis", "recording_local_path", "status"):
        body[name] = text
    body["recording_url"] = "javascript:document.title='owned'"
    body["video_introduction_url"] = f"https://evil.example/{text}"
    body["ai_analysis_other"] = {text[:200]: [text, {text[:100]: text}], "risk": None}
    body[text[:150]] = text
    for turn in body["transcript"]:
        turn |= {"question_asked": text, "ai_analysis": text, "view": text, "external_data": {text[:90]: text}}
        turn["recording_url"] = "data:text/html,<script>document.title='owned'</script>"
        turn["answer"] = text if turn["is_answer"] else None
    return body


def nulls() -> dict[str, Any]:
    """The example with null wherever a field may be null."""
    body = dict.fromkeys(EXAMPLE)
    turn = dict.fromkeys(EXAMPLE["transcript"][0]) | {"id": "t"}
    return body | {"transcript": [turn | {"is_answer": False}, turn | {"is_answer": True}]}


def long(turns: int = 100) -> dict[str, Any]:
    """The example with so many turns."""
    pairs = [EXAMPLE["transcript"][place % 2] | {"id": f"turn-{place}"} for place in range(turns)]
    return EXAMPLE | {"transcript": pairs}
