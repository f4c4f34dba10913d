# ruff: noqa: E501 - tables: one case, one line
"""Formatting case by case: where comments go, what moves, what stays."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.fmt import formatted
from reconciler.fmt.arrange import arranged
from reconciler.fmt.indent import indented
from reconciler.fmt.spacing import spaced
from reconciler.resources.interview.fields import FIELDS, QUESTION_FIELDS
from reconciler.resources.order import order_at
from reconciler.yaml.load import survey


def tidy(text: str) -> str:
    """All steps on a text that need not be a whole manifest."""
    written = spaced(arranged(indented(text)))
    assert spaced(arranged(indented(written))) == written
    assert survey(written.encode(), "a")[0][0].value == survey(text.encode(), "a")[0][0].value
    return written


def test_the_order_names_every_field() -> None:
    assert order_at(("spec",), FIELDS) == tuple(FIELDS)
    assert order_at(("spec", "questions", 3), FIELDS) == tuple(QUESTION_FIELDS)
    assert order_at(("spec", "hiring_for_company"), FIELDS) is None, "the author's own"


CASES = {
    "keys of the document": ("spec:\n  a: 1\nkind: k\n", "kind: k\nspec:\n  a: 1\n"),
    "keys of metadata": ("metadata:\n  import: i\n  name: n\n", "metadata:\n  name: n\n  import: i\n"),
    "unknown keys come last, in their order": ("spec:\n  zz: 1\n  aa: 2\n  name: n\n", "spec:\n  name: n\n  zz: 1\n  aa: 2\n"),
    "free objects stay": ("spec:\n  custom_scoring:\n    b: 1\n    a: 2\n", "spec:\n  custom_scoring:\n    b: 1\n    a: 2\n"),
    "labels stay": ("metadata: {labels: {b: x, a: y}, name: n}\n", "metadata: {name: n, labels: {b: x, a: y}}\n"),
    "a comment moves with the key below it": (
        "spec:\n  # where\n  location: x\n  # who\n  name: n\n",
        "spec:\n  # who\n  name: n\n  # where\n  location: x\n",
    ),
    "a comment beside a value moves with it": (
        "spec:\n  location: x  # there\n  name: n # me\n",
        "spec:\n  name: n # me\n  location: x  # there\n",
    ),
    "a commented-out key at the margin goes with the key below it": (
        "spec:\n  location: x\n# code: c\n  name: n\n",
        "spec:\n# code: c\n  name: n\n  location: x\n",
    ),
    "a comment further in belongs to what stands above it": (
        "spec:\n  tags:\n    - a\n    # - b\n  name: n\n",
        "spec:\n  name: n\n  tags:\n    - a\n    # - b\n",
    ),
    "a comment at the end stays at the end": (
        "spec:\n  location: x\n  name: n\n  # the end of spec\n# the end\n",
        "spec:\n  name: n\n  location: x\n  # the end of spec\n# the end\n",
    ),
    "the modeline stays at the top": (
        "# yaml-language-server: $schema=x\nspec:\n  a: 1\nkind: k\n",
        "# yaml-language-server: $schema=x\nkind: k\nspec:\n  a: 1\n",
    ),
    "the file's comment stays, the key's goes": (
        "# the file\n\n# the heart\nspec:\n  a: 1\n# the kind\nkind: k\n",
        "# the file\n\n# the kind\nkind: k\n# the heart\nspec:\n  a: 1\n",
    ),
    "a marker and a directive stay": ("%YAML 1.2\n---\nspec: 1\nkind: k\n...\n", "%YAML 1.2\n---\nkind: k\nspec: 1\n...\n"),
    "every document": ("spec: 1\nkind: k\n---\n# b\nspec: 2\nkind: l\n", "kind: k\nspec: 1\n---\n# b\nkind: l\nspec: 2\n"),
    "the key on the dash changes": (
        "spec:\n  questions:\n    - question: q\n      # its name\n      id: a\n",
        "spec:\n  questions:\n    - # its name\n      id: a\n      question: q\n",
    ),
    "a comment above a question stays above it": (
        "spec:\n  questions:\n    # one\n    - question: q\n      id: a\n\n    # two\n    - id: b\n",
        "spec:\n  questions:\n    # one\n    - id: a\n      question: q\n\n    # two\n    - id: b\n",
    ),
    "a comment on the dash stays on it": (
        "spec:\n  questions:\n    - # hard\n      question: q\n      id: a\n",
        "spec:\n  questions:\n    - # hard\n      id: a\n      question: q\n",
    ),
    "a lonely dash": (
        "spec:\n  questions:\n    -\n      question: q\n      id: a\n",
        "spec:\n  questions:\n    -\n      id: a\n      question: q\n",
    ),
    "indentation": (
        "spec:\n     name: n\n     tags:\n     -   a\n     - - b\n       -    c\n     additional_context:\n        x:\n          y: 1\n",
        "spec:\n  name: n\n  tags:\n    - a\n    - - b\n      - c\n  additional_context:\n    x:\n      y: 1\n",
    ),
    "texts are shifted whole": (
        "spec:\n    name: |\n          one\n            two\n\n          three\n",
        "spec:\n  name: |\n    one\n      two\n\n    three\n",
    ),
    "a text that says its indentation": ("spec:\n    name: |2\n        one\n", "spec:\n  name: |2\n      one\n"),
    "lines of quoted and plain texts": (
        "spec:\n    name: 'a\n\n      b'\n    location: c\n      d\n",
        "spec:\n  name: 'a\n\n    b'\n  location: c\n    d\n",
    ),
    "quotes and spellings stay": (
        "spec:\n  name: \"n\"\n  location: 'l'\n  code: 0x1F\n",
        "spec:\n  name: \"n\"\n  location: 'l'\n  code: 0x1F\n",
    ),
    "no sign of a comment in a text counts": (
        "spec:\n  location: |\n    a\n    # b\n\n  name: n\n",
        "spec:\n\n  name: n\n  location: |\n    a\n    # b\n".replace("spec:\n\n", "spec:\n"),
    ),
    "a text keeps its empty lines, and takes no others": (
        "spec:\n  description: |+\n    a\n\n\n  name: n\n\n  location: l\n  status: s\n",
        "spec:\n  name: n\n\n  location: l\n  description: |+\n    a\n\n\n  status: s\n",
    ),
    "one blank after a colon": ("spec:\n  name:    n\n  tags:   [a,  b]\n", "spec:\n  name: n\n  tags: [a,  b]\n"),
    "empty values": ("spec:\n  location:\n  name:   # none\n", "spec:\n  name:   # none\n  location:\n"),
    "blanks at the ends of lines": ("spec:   \n  name: n  \t\n", "spec:\n  name: n\n"),
    "empty lines": ("\n\nspec:\n  name: n\n\n\n\n  location: l\n\n\n", "spec:\n  name: n\n\n  location: l\n"),
    "brackets over several lines stay": ("spec:\n  tags: [\n    a, # b\n  ]\n  name: n\n", "spec:\n  name: n\n  tags: [\n    a, # b\n  ]\n"),
    "questions on one line": (
        "spec: {questions: [{question: q, id: a}], name: n}\n",
        "spec: {name: n, questions: [{id: a, question: q}]}\n",
    ),
    "anchors": (
        "spec: &s\n  questions: &q\n  - question: &t q\n    id: a\n  name: n\n",
        "spec: &s\n  name: n\n  questions: &q\n    - id: a\n      question: &t q\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_case(text: str, expected: str) -> None:
    assert tidy(text) == expected


MANIFEST = """\
apiVersion: jmctl/v1
kind: Interview
metadata: {name: a}
spec:
  name: n
  location: l
  interview_template_id: t
  mojito_language_code: en
  description: d
  status: draft
  type: interview
  visibility: merchant_invite
  questions: [{id: q, question: q}]
"""


def whole(old: str, new: str) -> Any:
    assert old in MANIFEST
    return formatted(MANIFEST.replace(old, new).encode(), "a.yaml")


def test_an_alias_stays_below_its_anchor() -> None:
    written = whole("  name: n\n  location: l\n", "  location:   &same l\n  name:   *same\n")
    assert b"  location: &same l\n  name: *same\n" in written


def test_line_breaks_stay_those_of_the_file() -> None:
    assert formatted(MANIFEST.replace("\n", "\r\n").encode(), "a") == MANIFEST.replace("\n", "\r\n").encode()


def test_a_file_without_its_last_line_break_gets_one() -> None:
    assert formatted(MANIFEST.rstrip().encode(), "a") == MANIFEST.encode()


@pytest.mark.parametrize("sign", ["|", "|+", "|-", ">"])
def test_a_text_at_the_very_end_stays_the_same(sign: str) -> None:
    reordered = MANIFEST.replace("spec:\n", "", 1).replace("metadata: {name: a}\n", "spec:\n").rstrip()
    text = f"{reordered}\nmetadata:\n  name: a\n  import: {sign}\n    b"
    written = formatted(text.encode(), "a")
    assert isinstance(written, bytes)
    assert written.endswith(b"question: q}]\n")


def test_a_wrong_file_is_told_as_by_validate() -> None:
    [problem] = whole("  status: draft\n", "")
    assert problem.severity == "error"


def test_a_warning_is_no_obstacle() -> None:
    assert isinstance(whole("location: l", "location: l\n  interview_tone: odd"), bytes)
