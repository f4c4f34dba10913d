# ruff: noqa: E501 - a table: one complaint, one line
"""What the YAML parser complains about, in the words of somebody who writes manifests.

The C parser and its pure stand-in phrase things differently; both are recognised by what their sentences share.
"""

from __future__ import annotations

from typing import NamedTuple

from reconciler.errors import Problem, Where


class Complaint(NamedTuple):
    """What a parser says; places are (line, column) from 1."""

    problem: str
    context: str
    at: tuple[int, int]
    began: tuple[int, int] | None


class Rule(NamedTuple):
    """Words to recognise in problem and context, what to say instead, and whether to name where the thing began."""

    problem: str
    context: str
    summary: str
    detail: str
    hint: str
    from_start: bool = False


_QUOTE = "a value that contains ': ' or ' #', or starts with one of @ ` % & * ! | > [ { needs quotes around it"
_INDENT = "put spaces so that the line starts exactly below the first letter of the entry it belongs with"
_BACKSLASH = "in double quotes a backslash starts an escape: double it (\\\\) or use single quotes"

_RULES = (
    Rule("end of stream", "quoted", "unclosed quote", "a text starts with a quote that never ends", "close the quote; a quote inside single quotes is written twice ('')", from_start=True),
    Rule("document indicator", "quoted", "unclosed quote", "a text starts with a quote that does not end before `---` or `...`", "close the quote before that line", from_start=True),
    Rule("expected ',' or ']'", "flow seq", "unclosed bracket", "`[` starts a list that is not closed, lacks a comma, or holds a text that needs quotes", "close it with `]`; inside [ ] a text with ? , or : needs quotes", from_start=True),
    Rule("expected ',' or '}'", "flow map", "unclosed brace", "`{` starts a group that is not closed, lacks a comma, or holds a text that needs quotes", "close it with `}`; inside { } a text with ? , or : needs quotes", from_start=True),
    Rule("expected node content", "flow", "missing value", "between the brackets a value is missing", "remove the extra comma"),
    Rule("could not find expected ':'", "", "missing colon", "a line looks like a key without its colon", "write `key: value`, or indent the line if it continues the text above", from_start=True),
    Rule("unknown escape", "", "unknown escape", "a backslash in double quotes is followed by a character that means nothing there", _BACKSLASH),
    Rule("hexdecimal", "", "unknown escape", "an escape needs hexadecimal digits", _BACKSLASH),
    Rule("hexadecimal", "", "unknown escape", "an escape needs hexadecimal digits", _BACKSLASH),
    Rule("unicode character escape", "", "half a character", "an escape names a lone surrogate or no character at all", "write the character itself instead of its \\u escapes"),
    Rule("undefined tag handle", "", "tags are not supported", "a value starts with `!`", "remove the tag; put quotes around a text that starts with `!`"),
    Rule("", "tag", "tags are not supported", "a value starts with `!`", "remove the tag; put quotes around a text that starts with `!`"),
    Rule("", "directive", "bad directive", "a line that starts with `%` is an instruction to the YAML reader", "put quotes around a text that starts with `%`"),
    Rule("%", "", "bad directive", "a line that starts with `%` is an instruction to the YAML reader", "remove the line"),
    Rule("incompatible", "", "unknown YAML version", "only YAML 1.2 is read", "remove the line that starts with %YAML"),
    Rule("", "anchor", "bad anchor", "a value that starts with `&` is read as an anchor, a name for the value after it", "put quotes around a text that starts with `&`"),
    Rule("", "alias", "bad alias", "a value that starts with `*` is read as an alias, a reference to another value", "put quotes around a text that starts with `*`"),
    Rule("", "block scalar", "bad text block", "after `|` or `>` the line must end, and the text below must be indented with spaces", "start the text on the next line, two spaces further in"),
    Rule("block sequence entries", "", "misplaced dash", "a list entry cannot start here", "put the `- ` on a line of its own; a text that starts with `- ` needs quotes"),
    Rule("'-' indicator", "block collection", "wrong indentation", "this line stands where only another `- ` entry of the list may", _INDENT),
    Rule("block end", "block collection", "wrong indentation", "this line stands where only another `- ` entry of the list may", _INDENT),
    Rule("document start", "", "text after the end", "the document was complete before this", "start a new document with a line `---`, or correct the indentation"),
)  # fmt: skip


def explained(complaint: Complaint, text: str, path: str) -> Problem:
    """The parser's complaint about `text` as a problem with its place."""
    if found := _by_the_line(complaint, text.splitlines(), path):
        return found
    problem, context = complaint.problem.lower(), complaint.context.lower()
    for rule in _RULES:
        if rule.problem in problem and rule.context in context:
            at = complaint.began if rule.from_start and complaint.began else complaint.at
            return Problem(rule.summary, rule.detail, rule.hint, Where(path, *at))
    detail = f"{complaint.context} {complaint.problem}".strip().lower()
    return Problem("not YAML", detail, _QUOTE, Where(path, *complaint.at))


def _by_the_line(complaint: Complaint, lines: list[str], path: str) -> Problem | None:
    """What only a look at the line itself can tell apart."""
    line, column = complaint.at
    where = Where(path, line, column)
    current = lines[line - 1] if line <= len(lines) else ""
    before = current[: column - 1]
    if "cannot start any token" in complaint.problem:
        return _misplaced(current[column - 1 : column], where)
    if "mapping values are not allowed" in complaint.problem:
        return _colon(before, lines[: line - 1], where)
    if "expected node content" in complaint.problem and not current:
        return Problem(
            "unclosed bracket", "a list or group starts and is not closed", "close it with `]` or `}`", where
        )
    if "block mapping" not in complaint.context:
        return None
    if before.strip():
        detail = "the value was complete before this, because it starts with a quote and the quote ends there"
        hint = "put quotes around the whole value; inside single quotes a quote is written twice ('')"
        return Problem("text after the closing quote", detail, hint, where)
    return Problem(
        "wrong indentation", "the line belongs neither to the lines above nor to their values", _INDENT, where
    )


def _misplaced(char: str, where: Where) -> Problem:
    if char == "\t":
        return Problem(
            "tab in the indentation", "YAML is indented with spaces only", "replace the tab by spaces", where
        )
    detail = f"a value cannot start with `{char}`" if char.isprintable() else "a value cannot start here"
    return Problem("misplaced character", detail, "put quotes around the whole value", where)


def _colon(before: str, above: list[str], where: Where) -> Problem:
    """A colon where none may be: inside a text, below a line that lacks one, or in a line that is too far in."""
    if ": " in before:
        detail = "the value holds a colon with a space after it, as if another value started there"
        return Problem("unexpected colon", detail, "put quotes around the whole value", where)
    written = [(number, line) for number, line in enumerate(above, 1) if line.strip() and line.strip()[0] != "#"]
    if written and ":" not in written[-1][1] and not written[-1][1].lstrip().startswith("- "):
        number, line = written[-1]
        place = Where(where.path, number, len(line) - len(line.lstrip()) + 1)
        return Problem("missing colon", "the line has a name, but no colon after it", "write `name: value`", place)
    return Problem("wrong indentation", "the line is further in than the line it should stand below", _INDENT, where)
