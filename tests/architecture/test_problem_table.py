"""Every problem has a row in the table, every row is used, and the docs are made from it."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

from reconciler import problem_table
from reconciler.problem_table import SUBJECTS, code_of, rows
from reconciler.views.problem_page import reference_page, sarif_rules

PACKAGE = Path(__file__).parents[2] / "reconciler"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "problems.md"
ERRORS = {
    "Problem",
    "JmctlError",
    "Misconfigured",
    "Damaged",
    "Unanswered",
    "Locked",
    "Refused",
    "Misused",
    "NotFound",
    "Unreachable",
    "Denied",
}
# functions that make a problem of their arguments, and which of them is the title
MAKERS = {"_failed": 0, "_unexpected": 0, "note": 1, "stop": 1, "problem": 0, "_error": 2, "_warning": 2, "_refused": 0}
# modules whose tuples of three texts are a title, a detail and a hint
TUPLES = (
    "manifest/explain.py",
    "manifest/messages.py",
    "manifest/text_lints.py",
    "project/config_checks.py",
    "yaml/limits.py",
    "yaml/parser/",
)
# calls whose title is no literal, because it comes from one of the above, or from another problem
PASSED_ON = {
    "errors.py", "engine/export_results.py", "manifest/explain.py", "manifest/text_lints.py", "oauth/provider.py",
    "project/cache_entry.py", "project/config_checks.py", "resources/interview/checks.py", "state/stores/git.py",
    "state/stores/http_store.py", "state/stores/object_store.py", "yaml/load.py",
}  # fmt: skip


def titles() -> tuple[set[str], set[str]]:
    """Every title in the source, and the files with a title that cannot be read there."""
    found, unread = set(), set()
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith("sandbox/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = 0 if called in ERRORS else MAKERS.get(called)
                title = node.args[place] if place is not None and len(node.args) > place else None
                if isinstance(title, ast.Constant) and isinstance(title.value, str):
                    found.add(title.value)
                elif title is not None and called in ERRORS:
                    unread.add(name)
            elif isinstance(node, ast.Tuple) and name.startswith(TUPLES) and len(node.elts) == 3:
                first, *others = node.elts
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and _is_title(first.value, others):
                    found.add(first.value)
    return found, unread


def _is_title(text: str, others: list[ast.expr]) -> bool:
    return len(text) > 2 and all(map(_is_text, others))


def _is_text(node: ast.expr) -> bool:
    """Whether it can be a text; numbers, lists and the like cannot."""
    return not isinstance(node, ast.List | ast.Dict | ast.Set) and not (
        isinstance(node, ast.Constant) and not isinstance(node.value, str)
    )


def test_every_title_has_a_row() -> None:
    found, _ = titles()
    assert len(found) > 120
    assert {title for title in found if not code_of(title)} == set()


def test_every_row_is_used() -> None:
    found, _ = titles()
    assert {row.title for row in rows().values()} - found == set()


def test_titles_stand_in_the_source_where_they_can_be_read() -> None:
    _, unread = titles()
    assert unread - PASSED_ON == set()


def test_rows_are_in_style() -> None:
    for code, row in rows().items():
        assert re.fullmatch(r"JM[0-9]{4}", code)
        assert code[2:4] in SUBJECTS
        assert not row.title.endswith(".")
        for text in (row.meaning, row.cure):
            assert text.isprintable()
            assert len(text) > 10
    assert len({row.title for row in rows().values()}) == len(rows())


def test_codes_are_in_order_in_the_file() -> None:
    text = Path(problem_table.__file__).with_name("problems.toml").read_text("utf-8")
    codes = re.findall(r"^\[(JM[0-9]+)\]$", text, re.MULTILINE)
    assert codes == sorted(codes)


def test_the_reference_is_made_from_the_table() -> None:
    page = reference_page(rows().values())
    if os.environ.get("JMCTL_REWRITE"):
        REFERENCE.parent.mkdir(parents=True, exist_ok=True)
        REFERENCE.write_text(page, "utf-8")
    assert REFERENCE.read_text("utf-8") == page


def test_sarif_rules_are_those_of_the_table() -> None:
    rules = sarif_rules(rows().values())
    assert [rule["id"] for rule in rules] == [*rows()]
    warning = next(rule for rule in rules if rule["id"] == code_of("unknown tone"))
    assert warning["defaultConfiguration"] == {"level": "warning"}
    assert warning["shortDescription"] == {"text": "unknown tone"}
    assert all(re.fullmatch(r"[A-Za-z0-9]+", rule["name"]) for rule in rules)
