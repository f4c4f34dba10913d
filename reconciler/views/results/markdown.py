"""One result as Markdown, for an issue or a wiki. What people wrote stays text: no markup, link or image of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.text.sanitize import printable
from reconciler.text.word_diff import marked
from reconciler.views.results.format_value import amount, flat
from reconciler.views.results.result_layout import Fact, Outline, Passage

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$!])")
# what would begin a heading, a list, a rule, an indented block, or be made a link by itself
_OPENING = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)](?:\s|$)))", re.MULTILINE)
_ADDRESS = re.compile(r"(?<=[A-Za-z])(:)(?=//)|(?<=www)(\.)", re.IGNORECASE)


def result_markdown(result: Outline) -> Iterator[str]:
    """The lines of the document."""
    yield f"# Result {escaped(result.result_id)}"
    yield ""
    yield f"**Manifest:** {escaped(result.belongs)}"
    for block in result.blocks:
        yield from ("", f"## {escaped(block.title)}", "")
        for fact in block.facts:
            yield from _fact(fact)
    if result.expires:
        yield from ("", "*The links are signed and expire within minutes.*")
    yield from ("", "## Transcript")
    for passage in result.passages:
        yield from _passage(passage)


def escaped(text: str) -> str:
    """`text` so that Markdown shows it as it is; line breaks stay."""
    harmless = _SPECIAL.sub(r"\\\1", printable(text, keep_newlines=True))
    harmless = _ADDRESS.sub(lambda found: "\\" + found.group(), harmless)
    return _OPENING.sub(_opened, harmless)


def _opened(found: re.Match[str]) -> str:
    sign = found.group(2)
    return f"{sign[:-1]}&#{ord(sign[-1])};" if sign.isdigit() else f"\\{sign}"


def _passage(passage: Passage) -> Iterator[str]:
    key = escaped(passage.key) if passage.key else ("follow-up" if passage.is_follow_up else "no key")
    yield from ("", f"### {passage.position}. {key}", "", f"*{escaped(passage.origin)}*", "")
    yield from _quoted("**Q**", passage.question or "—")
    if passage.now is not None:
        yield ""
        yield from _quoted("**Since changed:**", marked(passage.question, passage.now))
    if passage.spoken is not None:
        yield ""
        yield from _quoted("**Spoken as:**", passage.spoken)
    yield ""
    for fact in passage.facts:
        yield from _fact(fact)
    if not passage.answers:
        yield from ("", "not answered")
    for text, facts in passage.answers:
        yield ""
        yield from _quoted("**A**", text or "—")
        yield ""
        for fact in facts:
            yield from _fact(fact)


def _quoted(label: str, text: str) -> Iterator[str]:
    lines = [line.strip() for line in escaped(text).split("\n")]
    yield f"> {label} {lines[0]}"
    yield from (f"> {line}" if line else ">" for line in lines[1:])


def _fact(fact: Fact) -> Iterator[str]:
    label = escaped(fact.label)
    if fact.kind == "any" and isinstance(fact.value, dict | list) and fact.value:
        yield f"- {label}:"
        for depth, line in flat(fact.value):
            yield f"{'  ' * (depth + 1)}- {_one_line(line.removeprefix('• '))}"
    elif fact.kind == "link" and isinstance(fact.value, str) and is_link(fact.value):
        yield f"- {label}: <{fact.value}>"
    else:
        yield f"- {label}: {_one_line(amount(fact.kind, fact.value))}"


def is_link(address: str) -> bool:
    """Whether an address may be made a link: https, and nothing in it that could end the link."""
    return re.fullmatch(r"https://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", address) is not None


def _one_line(text: str) -> str:
    return " ".join(escaped(text).split())
