"""Every format of one result: golden for the contract's example, harmless for a hostile candidate."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import click
import pyarrow.parquet
import pytest
from candidates import EVIL, EXAMPLE, HERE, UNSAFE, example, hostile, long, nulls
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from reconciler.results.columns import Per, columns
from reconciler.results.held import Held
from reconciler.results.rows import rows
from reconciler.views.results.document import as_json, as_yaml, result_document
from reconciler.views.results.html import result_html
from reconciler.views.results.markdown import result_markdown
from reconciler.views.results.result_layout import outline
from reconciler.views.results.result_text import result_lines
from reconciler.views.results.rows_csv import write_csv
from reconciler.views.results.rows_jsonl import write_jsonl
from reconciler.views.results.rows_parquet import write_parquet

FORMATS: dict[str, Callable[[Held], str]] = {
    "txt": lambda held: click.unstyle("\n".join(result_lines(outline(held)))) + "\n",
    "json": lambda held: as_json(result_document(held)) + "\n",
    "yaml": lambda held: as_yaml(result_document(held)),
    "md": lambda held: "\n".join(result_markdown(outline(held))) + "\n",
    "html": lambda held: result_html(outline(held)) + "\n",
}
MEGABYTE = EVIL + "A word and another. " * 50_000
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "h4", "span", "p", "main",
    "section", "dl", "dt", "dd", "ul", "li", "article", "blockquote", "del", "ins",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_golden(form: str) -> None:
    path = HERE / "golden" / f"example.{form}"
    told = FORMATS[form](example())
    if form == "html":  # the style has its own life
        told = re.sub(r"<style>.*?</style>|'sha256-[^']*'|&#39;sha256-.*?&#39;", "", told, flags=re.DOTALL)
    if os.environ.get("JMCTL_REWRITE"):
        path.write_text(told, "utf-8")
    assert told == path.read_text("utf-8")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("body", [nulls(), {}, {"transcript": None}], ids=["nulls", "empty", "no transcript"])
def test_nothing_where_nothing_is(form: str, body: dict[str, Any]) -> None:
    told = FORMATS[form](example(body))
    assert "None" not in told
    assert "undefined" not in told


@pytest.mark.parametrize("form", FORMATS)
def test_a_hundred_turns(form: str) -> None:
    assert FORMATS[form](example(long())).count("A customer lost an order") == 50


def test_unknown_fields_are_kept_under_their_names() -> None:
    turns = [EXAMPLE["transcript"][0] | {"mood": {"calm": 1}}, *EXAMPLE["transcript"][1:]]
    for form, write in FORMATS.items():
        told = write(example(EXAMPLE | {"brand_new": [1, {"deep": "er"}], "transcript": turns}))
        for word in ("brand" if form == "md" else "brand_new", "deep", "mood", "calm"):
            assert word in told, form


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_lets_a_candidate_steer_a_terminal(form: str) -> None:
    told = FORMATS[form](example(hostile()))
    assert not set(told) & (set(UNSAFE) - {"\u00ad"} if form not in {"json", "yaml"} else set(UNSAFE))
    assert "\r" not in told


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", [MEGABYTE, "A" * 1_000_000, "<" * 1_000_000], ids=["words", "one word", "markup"])
def test_a_megabyte_is_told_whole_and_soon(form: str, text: str) -> None:
    turns = [said | {"answer": text, "question_original": text} for said in EXAMPLE["transcript"][:2]]
    began = time.process_time()
    told = FORMATS[form](example(EXAMPLE | {"transcript": turns}))
    assert time.process_time() - began < 20
    assert len(told) > len(text)


@pytest.mark.parametrize(("form", "load"), [("json", json.loads), ("yaml", YAML(typ="safe", pure=True).load)])
def test_machines_get_the_very_text(form: str, load: Callable[[str], Any]) -> None:
    body = hostile()
    assert load(FORMATS[form](example(body)))["details"] == body


def test_markdown_of_candidates_stays_text() -> None:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    ours = {line.count("#") for line in ("# ", "## ", "### ")}
    seen = []
    for token in reader.parse(FORMATS["md"](example(hostile()))):
        assert token.type not in {"html_block", "fence", "table_open", "hr"}, token
        seen += [token.content] if token.type == "heading_open" and len(token.markup) not in ours else []
        for child in token.children or ():
            assert child.type not in {"html_inline", "link_open", "image", "s_open", "code_inline"}, child
    assert seen == []


class _Elements(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)


def elements(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


def test_html_of_candidates_stays_text() -> None:
    page = elements(FORMATS["html"](example(hostile())))
    assert page.tags <= ALLOWED
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all(value and value.startswith(("https://", "#")) for name, value in page.attributes if name == "href")


@pytest.mark.parametrize("per", ["answer", "interview"])
@pytest.mark.parametrize("redact", [False, True])
def test_rows_of_a_hostile_candidate(per: Per, *, redact: bool) -> None:
    wanted = columns(per, redact=redact)
    made = rows(example(hostile("=1+1 " + EVIL), candidate_name="=cmd|x", candidate_email="@x"), per, wanted)
    files = {name: io.BytesIO() for name in ("jsonl", "csv", "parquet")}
    write_jsonl(files["jsonl"], wanted, made)
    write_csv(files["csv"], wanted, made)
    write_parquet(files["parquet"], wanted, made)
    told = files["jsonl"].getvalue().decode()
    assert [json.loads(line) for line in told.splitlines()] == made
    assert not set(told) & set(UNSAFE)
    read = list(csv.reader(io.StringIO(files["csv"].getvalue().decode(), newline="")))
    assert len(read) == len(made) + 1
    assert not [cell for line in read for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    table = pyarrow.parquet.read_table(io.BytesIO(files["parquet"].getvalue())).to_pylist()
    texts = [column.name for column in wanted if column.type == "text"]
    assert [{name: line[name] for name in texts} for line in table] == [
        {name: line[name] for name in texts} for line in made
    ]


def test_redacted_rows_hold_nobody() -> None:
    body = json.loads(json.dumps(EXAMPLE).replace("[synthetic]", "CANARY"))
    for per in ("answer", "interview"):
        made = rows(example(body, candidate_name="CANARY", candidate_email="CANARY@x"), per, columns(per, redact=True))
        assert made
        assert "CANARY" not in json.dumps(made)
