"""Texts in other languages: how far they are, confirm them, exchange them with translators as PO files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.atomic_file import create_file, replace_file
from reconciler.compose.interview import Composer
from reconciler.compose.library import Library, Part
from reconciler.compose.questions import question_fields, units_of_set
from reconciler.compose.source import Source
from reconciler.compose.texts import Unit, is_stale, source_digest
from reconciler.engine.project import Project
from reconciler.errors import Invalid, Misused, Problem
from reconciler.project.origins import open_library
from reconciler.resources.kind import kind_named
from reconciler.resources.part import COMPOSES
from reconciler.text.nearest import did_you_mean
from reconciler.text.sanitize import printable

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Translation:
    """One text of a source in one language; `entry` is what its Texts document has, None for nothing."""

    of: str
    language: str
    unit: Unit
    entry: Entry | None

    @property
    def status(self) -> str:
        """done, stale (made from another source, or from an unknown one), missing, or kept: the source's may stay."""
        if self.entry is None or not isinstance(self.entry.get("text"), str):
            return "missing" if self.unit.needed else "kept"
        return "stale" if is_stale(self.entry, self.unit) else "done"


@dataclass(frozen=True, slots=True)
class TextFiles:
    """The texts of a project: every translation that its interviews ask for, and where they stand."""

    root: Path
    library: Library
    translations: tuple[Translation, ...]

    def chosen(self, of: str | None, language: str | None, units: Sequence[str] = ()) -> list[Translation]:
        """Those of one source, one language or some units. Raises Misused when there is none."""
        near = [one for one in self.translations if of in (None, one.of) and language in (None, one.language)]
        found = [one for one in near if not units or one.unit.name in units]
        lacking = set(units) - {one.unit.name for one in found}
        if not found or lacking:
            wanted = min(lacking) if near and lacking else " ".join(filter(None, (of, language)))
            known = [one.unit.name for one in near] or sorted({one.of for one in self.translations})
            hint = did_you_mean(wanted, known) or "see: jmctl texts status"
            raise Misused("no such texts", printable(wanted), hint=hint)
        return found


def read_texts(project: Project) -> TextFiles:
    """Every translation that is asked for or there. Raises Invalid for files that are no YAML."""
    library, sources = open_library(project.config)
    if problems := [problem for source in sources for problem in library.problems(source) if _is_fatal(problem)]:
        raise Invalid(problems)
    composer = Composer(library, kind_named(COMPOSES))
    roles: dict[str, None] = {}
    for source in sources:
        for part in library.parts(source):
            if part.kind == COMPOSES:
                roles |= composer.compose(part).used
    roles |= {f"Texts/{name}": None for name in library.known("Texts")}
    found = []
    for role in sorted(one for one in roles if one.startswith("Texts/")):
        of, _, language = role.removeprefix("Texts/").rpartition("/")
        origin, texts = library.find(of), library.find(role)
        units = _units(composer, origin).values() if origin is not None else ()
        found += [Translation(of, language, unit, _entry(texts, unit.name)) for unit in units]
    return TextFiles(project.config.root, library, tuple(found))


def accept(files: TextFiles, translations: Sequence[Translation]) -> list[str]:
    """Records that each text fits its source as it is now; the paths that were written. Raises OSError."""
    changed: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for one in translations:
        if one.status == "stale":
            fields = {"source": source_digest(one.unit.text), "source_text": one.unit.text}
            changed.setdefault((one.of, one.language), {})[one.unit.name] = fields
    return [*_written(files, changed)]


def keep_texts(files: TextFiles, found: Mapping[tuple[str, str, str], tuple[str, str]]) -> list[str]:
    """Writes texts by source, language and unit, each with the text that it was made from; the paths written."""
    changed: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    known = {(one.of, one.language, one.unit.name): one for one in files.translations}
    for (of, language, unit), (text, source) in found.items():
        entry = known[of, language, unit].entry or {}
        if entry.get("text") != text or entry.get("source") != source_digest(source):
            fields = {"text": text, "source": source_digest(source), "source_text": source}
            changed.setdefault((of, language), {})[unit] = fields
    return [*_written(files, changed)]


def _written(files: TextFiles, changed: Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]]) -> Iterator[str]:
    from reconciler.yaml.edit_texts import new_texts, with_texts

    for (of, language), entries in changed.items():
        texts = files.library.find(f"Texts/{of}/{language}")
        if texts is not None:
            path = Path(texts.source.location)
            # read anew: another language may stand in the same file
            replace_file(path.resolve(), with_texts(path.read_bytes(), of, language, entries))
            yield texts.source.shown
            continue
        near = _beside(files.library, of)
        name = f"{of.partition('/')[2]}.{language}.yaml"
        path = Path(near.location).with_name(name)
        create_file(path, with_texts(new_texts(of, language), of, language, entries))
        yield f"{near.shown.rpartition('/')[0]}/{name}".lstrip("/")


def _beside(library: Library, of: str) -> Source:
    """A file in whose folder new texts of `of` belong: other texts of it, else the source itself."""
    for role in library.known("Texts"):
        if role.startswith(f"{of}/") and (part := library.find(f"Texts/{role}")):
            return part.source
    source = library.find(of)
    if source is None:
        raise Misused("no such texts", printable(of), hint="see: jmctl texts status")
    return source.source


def _units(composer: Composer, part: Part) -> dict[str, Unit]:
    if part.kind == "QuestionSet":
        return units_of_set(part, question_fields(composer.kind))
    return composer.units(part)


def _entry(texts: Part | None, unit: str) -> Entry | None:
    """What stands in the file, with its variables."""
    entries = texts.raw.value.get("texts") if texts else None
    entry = entries.get(unit) if isinstance(entries, dict) else None
    return entry if isinstance(entry, dict) else None


def _is_fatal(problem: Problem) -> bool:
    return problem.severity == "error" and problem.summary not in ("unknown variable", "variable without a value")
