"""Texts as PO files, which translators' programs read: export what is to be translated, import what came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.compose.variables import placeholders
from reconciler.engine.texts import TextFiles, Translation, keep_texts
from reconciler.errors import Invalid, Misconfigured, Problem, Where

_HEADER = {
    "Project-Id-Version": "jmctl",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
_HINT = "use the same variables as the text above it, then import the file again"


def po_text(translations: Sequence[Translation], language: str) -> str:
    """The PO file of `translations` in `language`: a stale text is fuzzy, with the text that it was made from."""
    polib = _polib()
    file = polib.POFile(wrapwidth=0)
    file.metadata = {**_HEADER, "Language": language}
    for one in translations:
        entry = one.entry or {}
        before = entry.get("source_text")
        is_stale = one.status == "stale"
        file.append(
            polib.POEntry(
                msgctxt=f"{one.of} {one.unit.name}",
                msgid=one.unit.text,
                msgstr=entry.get("text") or "",
                comment="candidates read or hear it; keep ${...} as it is",
                occurrences=[(one.unit.where.path, str(one.unit.where.line))],
                flags=["fuzzy"] if is_stale else [],
                previous_msgid=before if is_stale and isinstance(before, str) else None,
            )
        )
    return f"{file}\n"


def import_po(files: TextFiles, text: str, path: str) -> tuple[list[str], int]:
    """Writes the finished texts of a PO file; the paths written and how many entries were not finished.

    `path` is how places in it are called. Raises Invalid for what is no PO file, for texts of nothing and for variables
    that were lost; nothing is written then.
    """
    polib = _polib()
    try:
        file = polib.pofile(text)
    except (OSError, ValueError, UnicodeError) as error:
        raise Invalid(
            [Problem("not a PO file", str(error)[:200], "export one: jmctl texts export", Where(path))]
        ) from None
    language = file.metadata.get("Language", "")
    known = {(one.of, one.language, one.unit.name) for one in files.translations}
    found: dict[tuple[str, str, str], tuple[str, str]] = {}
    problems, unfinished = [], 0
    for entry in file:
        of, _, unit = (entry.msgctxt or "").partition(" ")
        where = Where(path, entry.linenum or 0, 1)
        if entry.obsolete or entry.fuzzy or not entry.msgstr.strip():
            unfinished += not entry.obsolete
        elif (of, language, unit) not in known:
            detail = f"no interview asks for `{unit}` of `{of}` in `{language}`"
            problems.append(Problem("texts of nothing", detail, "export the file anew: jmctl texts export", where))
        elif placeholders(entry.msgid) != placeholders(entry.msgstr):
            detail = f"`{unit}` has other variables than its source"
            problems.append(Problem("placeholders differ", detail, _HINT, where))
        else:
            found[of, language, unit] = (entry.msgstr, entry.msgid)
    if problems:
        raise Invalid(problems)
    return keep_texts(files, found), unfinished


def _polib() -> Any:
    try:
        import polib
    except ImportError:
        hint = "install it: pip install 'jmctl[po]'"
        raise Misconfigured("support for PO files is not installed", "the extra po brings it", hint=hint) from None
    return polib
