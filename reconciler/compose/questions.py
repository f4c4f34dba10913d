"""The questions of an interview: its own and those of sets, in its language, changed for an environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.compose.composed import ComposedQuestion
from reconciler.compose.layers import Layer, layer, merged, node_at
from reconciler.compose.library import Library, Part
from reconciler.compose.texts import handle_of, missing_texts, question_units, translated
from reconciler.errors import Problem
from reconciler.resources.field import Field, Flag, Integer, ListOf, Number, Object
from reconciler.resources.kind import Kind
from reconciler.text.nearest import nearest
from reconciler.text.quote import listing, shown, tick
from reconciler.yaml.document import Path

USE = "use"
_NO_ALIASES: Mapping[str, str] = {}


def question_fields(kind: Kind) -> dict[str, Field]:
    """The rows of a question."""
    questions = kind.fields["questions"].type
    shape = questions.item if isinstance(questions, ListOf) else None
    return {row.name: row for row in shape.fields} if isinstance(shape, Object) else {}


@dataclass(slots=True)
class Questions:
    """Puts the questions of one interview in one language together; `used` collects the roles that were asked for.

    `own_texts` is the Texts document of the interview itself. Where `language` is None the questions stay as they are.
    """

    part: Part
    library: Library
    fields: Mapping[str, Field]
    language: str | None
    is_translated: bool
    own_texts: Part | None
    used: dict[str, None]
    problems: list[Problem] = field(default_factory=list)

    def composed(self, environment: str) -> tuple[Any, list[ComposedQuestion]]:
        """The value of `questions` and the origin of each; a value that is no list is left as it stands."""
        entries = self.part.value("spec", "questions")
        if not isinstance(entries, list):
            return entries, []
        found = [
            question
            for number, entry in enumerate(entries)
            for question in self._entry(entry, ("spec", "questions", number))
        ]
        path: Path = ("environments", environment, "spec", "questions")
        changes = node_at(self.part.document.value, path)
        for number, entry in enumerate(changes if isinstance(changes, list) else ()):
            self._change(found, entry, (*path, number))
        questions, values = [], []
        for layers, use in found:
            value, origins = merged(layers, _NO_ALIASES)
            ordered = {name: value[name] for name in self.fields if name in value}
            values.append(ordered | value)
            questions.append(ComposedQuestion(tuple(layers), origins, use))
        return values, questions

    def _change(self, found: list[tuple[list[Layer], Path]], entry: Any, path: Path) -> None:
        """Lays an entry of the environment's part over the question with its id; a new one comes last."""
        names = [entry.get("id"), entry.get("external_id")] if isinstance(entry, dict) else []
        for layers, _ in found:
            value, _ = merged(layers, _NO_ALIASES)
            if any(name is not None and name in (value.get("id"), value.get("external_id")) for name in names):
                layers.insert(0, self._own(path, f"environment {path[1]}"))
                return
        found += self._entry(entry, path)

    def _own(self, path: Path, title: str) -> Layer:
        return layer(title, self.part.document, self.part.raw, path) or Layer(
            title, self.part.document, path, {}, self.part.raw
        )

    def _entry(self, entry: Any, path: Path) -> Iterator[tuple[list[Layer], Path]]:
        own = self._own(path, "interview")
        if isinstance(entry, dict) and USE in entry:
            yield from self._used(entry, path)
            return
        if not isinstance(entry, dict) or not self.is_translated:
            yield [own], ()
            return
        if not (entry.get("id") or entry.get("external_id")):
            detail = "a question of an interview in several languages has no `id`, by which its texts are found"
            self.problems.append(Problem("question without an id", detail, "add an `id`", own.at()))
        units = [*question_units(own, self.fields)]
        if self.own_texts is None:  # the language of the source
            yield [own], ()
            return
        over, _ = translated(self.own_texts, units)
        yield ([over, own] if over else [own]), ()

    def _used(self, entry: Mapping[str, Any], path: Path) -> Iterator[tuple[list[Layer], Path]]:
        name = entry[USE]
        where = self.part.document.at(*path, USE)
        if not isinstance(name, str):
            detail = f"`use` is {shown(name)}"
            hint = "write the name of a set, or SET/QUESTION for one of its questions"
            self.problems.append(Problem("unknown question set", detail, hint, where))
            return
        of, _, wanted = name.partition("/")
        role = f"QuestionSet/{of}"
        self.used[role] = None
        part = self.library.find(role)
        if part is None:
            self._unknown(of, path)
            return
        questions = part.value("questions")
        asked = [
            (number, question)
            for number, question in enumerate(questions if isinstance(questions, list) else ())
            if isinstance(question, dict)
        ]
        if wanted:
            asked = self._one(asked, wanted, of, path)
        over = self._override(entry, path)
        texts = self._texts(part, role, path)
        for number, _ in asked:
            base = layer(f"set {of}", part.document, part.raw, ("questions", number))
            if base is not None:
                yield [*over, *self._translation(base, texts, part), base], path

    def _translation(self, base: Layer, texts: Part | None, part: Part) -> list[Layer]:
        if texts is None or "mojito_language_code" in base.values:
            return []
        over, missing = translated(texts, [*question_units(base, self.fields)])
        if missing:
            units = dict(unit for _, unit in _units_of_set(part, self.fields))
            self.problems.append(missing_texts(texts, units))
        return [over] if over else []

    def _texts(self, part: Part, role: str, path: Path) -> Part | None:
        """The texts of a set in the language of the interview; None when it is the set's own, or there are none."""
        if self.language is None or part.value("language") in (self.language, None):
            return None
        wanted = f"Texts/{role}/{self.language}"
        self.used[wanted] = None
        texts = self.library.find(wanted)
        if texts is None and not self.library.unreadable:
            detail = f"the set is in {part.value('language')}, and there are no texts of it in {self.language}"
            hint = f"write them, or: jmctl texts export --language {self.language} --out {self.language}.po"
            self.problems.append(Problem("no texts in this language", detail, hint, self.part.document.at(*path, USE)))
        return texts

    def _unknown(self, name: str, path: Path) -> None:
        if self.library.unreadable:
            return  # it may stand in a file that cannot be read, which is reported
        known = self.library.known("QuestionSet")
        meant = nearest(name, known)
        hint = f"did you mean {tick(meant)}?" if meant else _sets(known)
        where = self.part.document.at(*path, USE)
        detail = f"no file declares a question set {tick(name)}"
        self.problems.append(Problem("unknown question set", detail, hint, where))

    def _one(self, asked: Sequence[tuple[int, Any]], wanted: str, of: str, path: Path) -> list[tuple[int, Any]]:
        found = [(number, question) for number, question in asked if handle_of(question) == wanted]
        if not found:
            names = [handle_of(question) for _, question in asked]
            meant = nearest(wanted, names)
            hint = f"did you mean {tick(f'{of}/{meant}')}?" if meant else f"it has {listing([*map(tick, names)])}"
            detail = f"the set {tick(of)} has no question {tick(wanted)}"
            self.problems.append(Problem("unknown question of a set", detail, hint, self.part.document.at(*path, USE)))
        return found

    def _override(self, entry: Mapping[str, Any], path: Path) -> list[Layer]:
        """The layer of what is different where a set is used: numbers and flags."""
        values = {name: value for name, value in entry.items() if name != USE}
        for name in values:
            row = self.fields.get(name)
            if row is not None and not isinstance(row.type, Number | Integer | Flag):
                detail = f"`{name}` cannot differ where a set is used; numbers and flags can"
                hint = "remove it, change it in the set, or write a question of its own instead of `use`"
                where = self.part.document.at(*path, name)
                self.problems.append(Problem("text differs where a set is used", detail, hint, where))
        if not values:
            return []
        return [Layer("where the set is used", self.part.document, path, values, self.part.raw)]


def _units_of_set(part: Part, fields: Mapping[str, Field]) -> Iterator[tuple[str, Any]]:
    """(field, (name, unit)) of every text of a set."""
    questions = part.value("questions")
    for number in range(len(questions) if isinstance(questions, list) else 0):
        one = layer("", part.document, part.raw, ("questions", number))
        for name, unit in question_units(one, fields) if one else ():
            yield name, (unit.name, unit)


def units_of_set(part: Part, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Every text of a set by its name, in order."""
    return dict(unit for _, unit in _units_of_set(part, fields))


def _sets(known: Sequence[str]) -> str:
    if not known:
        return "declare it with `kind: QuestionSet` in a file that `manifests` of jmctl.yaml matches"
    return f"there are {listing([*map(tick, known[:9])])}"
