"""One interview document becomes an interview in each of its languages, put together from its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.compose.composed import ComposedDocument
from reconciler.compose.layers import Layer, layer, merged
from reconciler.compose.library import Library, Part
from reconciler.compose.questions import Questions, question_fields
from reconciler.compose.texts import SPEC, Unit, missing_texts, question_units, spec_units, translated
from reconciler.errors import Problem
from reconciler.resources.field import Choice
from reconciler.resources.kind import Kind
from reconciler.text.nearest import nearest
from reconciler.text.quote import kind as sort_of
from reconciler.text.quote import shown, tick
from reconciler.yaml.document import Document, Path

LANGUAGE = "mojito_language_code"
_COMPOSED = ("languages", "environments")
_NO_ALIASES: Mapping[str, str] = {}


@dataclass(slots=True)
class Composition:
    """What became of one document: the interviews, what is wrong with their composition, the roles asked for."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    used: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Composer:
    """Composes interviews of one kind from one library."""

    library: Library
    kind: Kind

    @property
    def same(self) -> Mapping[str, str]:
        """Another way to write a field -> the field."""
        return {alias.row.name: alias.field for alias in self.kind.aliases}

    def compose(self, part: Part) -> Composition:
        """Every interview that `part` declares. A document that is no mapping of mappings is left as it is."""
        done = Composition()
        value = part.document.value
        if not isinstance(value, dict) or not isinstance(value.get("spec"), dict):
            return Composition([part.document])
        if "languages" not in value:
            done.documents.append(self._one(part, None, done))
            return done
        languages = _languages(part, self.kind, done.problems)
        for number, language in enumerate(languages):
            done.documents.append(self._one(part, (number, language, languages[0]), done))
        done.problems = list(dict.fromkeys(done.problems))
        return done

    def layers(self, part: Part, done: Composition) -> tuple[list[Layer], list[Layer]]:
        """The layers of `spec` without questions, and of `lifecycle`, the nearest first; languages and texts apart."""
        environment = self.library.context.environment
        spec = [*_part_layers(part, "interview", environment, "spec")]
        lifecycle = [*_part_layers(part, "interview", environment, "lifecycle")]
        for number, source in enumerate(self.library.chain(part.source)):
            done.used[f"defaults/{number}"] = None
            for defaults in self.library.parts(source):
                if defaults.kind == "Defaults":
                    spec += _part_layers(defaults, "defaults", environment, "spec")
                    lifecycle += _part_layers(defaults, "defaults", environment, "lifecycle")
        return spec, lifecycle

    def _one(self, part: Part, language: tuple[int, str, str] | None, done: Composition) -> ComposedDocument:
        base = part.document
        spec_layers, lifecycle_layers = self.layers(part, done)
        texts = None
        if language is not None:
            spec_layers, texts = self._in_language(part, spec_layers, language, done)
        values, origins = merged(spec_layers, self.same)
        code = values.get(LANGUAGE)
        questions = Questions(
            part,
            self.library,
            question_fields(self.kind),
            code if isinstance(code, str) else None,
            language is not None,
            texts,
            done.used,
        )
        asked, composed = questions.composed(self.library.context.environment)
        done.problems += questions.problems
        spec = {name: values[name] for name in self.kind.fields if name in values}
        spec |= {name: value for name, value in values.items() if name not in spec}
        if asked is not None or "questions" in base.value["spec"]:
            spec["questions"] = asked
        lifecycle, lifecycle_origins = merged(lifecycle_layers, _NO_ALIASES)
        value = {name: part for name, part in base.value.items() if name not in _COMPOSED}
        value["spec"] = spec
        if lifecycle or isinstance(value.get("lifecycle"), dict):
            value["lifecycle"] = lifecycle
        if language is not None:
            value["metadata"] = _named(value.get("metadata"), language[1])
        return ComposedDocument(
            value,
            base.marks,
            base.where,
            base.written if not self._moves(spec_layers) else _written(base, origins),
            base,
            tuple(spec_layers),
            origins,
            tuple(composed),
            tuple(lifecycle_layers),
            lifecycle_origins,
        )

    @staticmethod
    def _moves(layers: Sequence[Layer]) -> bool:
        return any(one.document.written for one in layers)

    def _in_language(
        self, part: Part, layers: list[Layer], language: tuple[int, str, str], done: Composition
    ) -> tuple[list[Layer], Part | None]:
        """The layers with those of the language and of its texts over the interview's own."""
        number, code, source = language
        spot: dict[str, Path] = {LANGUAGE: ("languages", number)}
        chosen = Layer("languages", part.document, (), {LANGUAGE: code}, part.raw, spot)
        own = [one for one in layers if one.document is part.document and one.prefix[:1] == ("environments",)]
        rest = layers[len(own) :]
        if code == source:
            return [*own, chosen, *rest], None
        name = part.value("metadata", "name")
        role = f"Texts/Interview/{name}/{code}"
        done.used[role] = None
        texts = self.library.find(role)
        units = self._units(part, layers)
        needed = any(unit.needed for _, unit in units)
        if texts is None:
            if needed and not self.library.unreadable:
                detail = f"there are no texts of {tick(f'Interview/{name}')} in {code}"
                hint = f"write them, or: jmctl texts export --language {code} --out {code}.po"
                where = part.document.at("languages", number)
                done.problems.append(Problem("no texts in this language", detail, hint, where))
            return [*own, chosen, *rest], None
        over, missing = translated(texts, [one for one in units if one[1].name.startswith(SPEC)])
        lacking = missing or translated(texts, [one for one in units if not one[1].name.startswith(SPEC)])[1]
        if lacking:
            done.problems.append(missing_texts(texts, {unit.name: unit for _, unit in units}))
        return [*own, chosen, *([over] if over else []), *rest], texts

    def _units(self, part: Part, layers: Sequence[Layer]) -> list[tuple[str, Unit]]:
        _, origins = merged(layers, self.same)
        found = [*spec_units(origins, self.kind.fields)]
        fields = question_fields(self.kind)
        questions = part.value("spec", "questions")
        for number, question in enumerate(questions if isinstance(questions, list) else ()):
            if isinstance(question, dict) and "use" not in question:
                one = layer("", part.document, part.raw, ("spec", "questions", number))
                found += question_units(one, fields) if one else ()
        return found

    def units(self, part: Part) -> dict[str, Unit]:
        """Every text of an interview in several languages by its name: its own fields, then its own questions."""
        spec, _ = self.layers(part, Composition())
        return {unit.name: unit for _, unit in self._units(part, spec)}


def _part_layers(part: Part, title: str, environment: str, section: str) -> list[Layer]:
    """The environment's part, then the rest of one section; questions are composed by themselves."""
    of = f"environment {environment} of the {title}"
    found = [
        layer(of, part.document, part.raw, ("environments", environment, section)),
        layer(title, part.document, part.raw, (section,)),
    ]
    return [_without_questions(one) for one in found if one is not None]


def _without_questions(one: Layer) -> Layer:
    if "questions" not in one.values:
        return one
    values = {name: value for name, value in one.values.items() if name != "questions"}
    return Layer(one.title, one.document, one.prefix, values, one.raw)


def _named(metadata: Any, language: str) -> Any:
    """The metadata of the interview in one language: its names end with the code."""
    if not isinstance(metadata, dict):
        return metadata
    named = dict(metadata)
    if isinstance(named.get("name"), str):
        named["name"] = f"{named['name']}-{language}"
    if isinstance(named.get("renamed_from"), list):
        named["renamed_from"] = [f"{old}-{language}" if isinstance(old, str) else old for old in named["renamed_from"]]
    return named


def _written(base: Document, origins: Mapping[str, Layer]) -> dict[Path, str]:
    """How numbers and flags stand in their files, by their path in the composed document."""
    found = {path: text for path, text in base.written.items() if path[:1] != ("spec",)}
    for name, one in origins.items():
        if text := one.document.written.get(one.node(name)):
            found["spec", name] = text
    return found


def _languages(part: Part, kind: Kind, problems: list[Problem]) -> list[str]:
    """The languages that can be composed; reports what is wrong with the others."""
    value = part.value("languages")
    row = kind.fields[LANGUAGE].type
    codes = row.values if isinstance(row, Choice) else ()
    at = part.document.at
    if not isinstance(value, list) or not value:
        hint = "write a list such as `[en, de]`, the language of the texts in this file first"
        problems.append(Problem("wrong type", f"`languages` is {sort_of(value)}", hint, at("languages")))
        return []
    found: list[str] = []
    for number, code in enumerate(value):
        if not isinstance(code, str) or code not in codes:
            meant = nearest(str(code), codes)
            hint = f"did you mean `{meant}`?" if meant else "write a code such as en; jmctl lookup languages lists them"
            problems.append(Problem("unknown value", f"a language is {shown(code)}", hint, at("languages", number)))
        elif code in found:
            problems.append(Problem("language given twice", f"`{code}`", "remove one", at("languages", number)))
        else:
            found.append(code)
    if LANGUAGE in part.document.value["spec"]:
        detail = f"`languages` and `spec.{LANGUAGE}` both say in which language the interview is"
        problems.append(Problem("language given twice", detail, "remove the second", at("spec", LANGUAGE)))
    if part.value("metadata", "import") is not None:
        detail = "`metadata.import` names one interview, and `languages` makes several"
        hint = f"write a manifest for each language and import them, then: jmctl state mv NAME {_example(part)}"
        problems.append(Problem("import of several languages", detail, hint, at("metadata", "import")))
    return found


def _example(part: Part) -> str:
    return f"{part.value('metadata', 'name')}-LANGUAGE"
