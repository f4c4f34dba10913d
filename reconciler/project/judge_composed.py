"""Checks the documents of one file where some are composed: parts by their own model, interviews as they resolve."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from reconciler.compose.composed import ComposedDocument
from reconciler.compose.interview import Composer
from reconciler.compose.library import Library, Part, lines_of
from reconciler.compose.questions import question_fields, units_of_set
from reconciler.compose.source import Source
from reconciler.compose.texts import Unit, check_texts
from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired
from reconciler.manifest.explain import explain
from reconciler.manifest.resolve import resolve
from reconciler.manifest.text_lints import is_suspect, lint
from reconciler.project.validate import judge, judge_document, judge_part
from reconciler.resources.field import Object
from reconciler.resources.kind import kind_named
from reconciler.resources.model import object_model
from reconciler.resources.part import COMPOSES, PARTS, environments, written_questions
from reconciler.text.nearest import did_you_mean
from reconciler.text.quote import tick
from reconciler.yaml.document import Document
from reconciler.yaml.limits import bounded

Found = tuple[list[Desired], list[Problem], dict[str, None], list[tuple[str, Where]]]


@dataclass(slots=True)
class Judge:
    """Checks files of one library; parts that several interviews use are checked once."""

    library: Library
    _of_parts: dict[str, list[Problem]] = field(default_factory=dict)

    @property
    def composer(self) -> Composer:
        return Composer(self.library, kind_named(COMPOSES))

    def judge(self, source: Source) -> Found:
        """The interviews of `source`, its problems, the roles asked for, shared places of invalid interviews."""
        if not self.library.chain(source) and not source.is_signed:
            return *judge(source.data, source.shown), {}, []
        parts, problems = self.library.parts(source), [*self.library.problems(source)]
        if not parts and not problems:
            return *judge(source.data, source.shown), {}, []
        reported = {problem.where.line for problem in problems if problem.where}
        lines = lines_of(source.data) if is_suspect(source.data) else None
        desired: list[Desired] = []
        used: dict[str, None] = {}
        users: list[tuple[str, Where]] = []
        for part in parts:
            own = self._problems_of(part, used)
            if part.kind not in PARTS:
                found, own, shared = self._interviews(part, own, used)
                desired += found
                users += shared
            own += lint(part.raw, [*lines]) if lines else []
            problems += [one for one in own if not _is_in(one, source.shown, reported)]
        return desired, bounded(problems), used, users

    def _problems_of(self, part: Part, used: dict[str, None]) -> list[Problem]:
        """What is wrong with a part by itself, and with texts by their source."""
        if part.kind not in PARTS:
            return self._environments(part)
        problems = [*judge_part(part.document), *self._environments(part)]
        if part.kind == "Texts" and not problems:
            role = str(part.value("of"))
            used[role] = None
            units = self._units(role)
            if units is not None:
                problems += check_texts(part, units, self.library.context)
            elif not self.library.unreadable:
                detail = f"no file declares {tick(role)}"
                if role.startswith("Interview/"):
                    detail += " with `languages`"
                known = [f"{kind}/{name}" for kind in ("QuestionSet", "Interview") for name in self.library.known(kind)]
                hint = did_you_mean(role, known) or "correct it, or remove the file"
                problems.append(Problem("texts of nothing", detail, hint, part.document.at("of")))
        return problems

    def _units(self, role: str) -> dict[str, Unit] | None:
        """Every text of what `role` names; None where it is not declared."""
        source = self.library.find(role)
        if source is None:
            return None
        if source.kind == "QuestionSet":
            return units_of_set(source, question_fields(self.composer.kind))
        return self.composer.units(source)

    def _environments(self, part: Part) -> list[Problem]:
        """What is wrong with the parts for environments."""
        parts = part.value("environments")
        if parts is None:
            return []
        problems = []
        if isinstance(parts, dict):
            for name in parts:
                if name not in self.library.context.environments:
                    known = self.library.context.environments
                    hint = (
                        did_you_mean(name, known)
                        or f"declare it under `environments` in jmctl.yaml: {', '.join(known)}"
                    )
                    detail = f"jmctl.yaml has no environment {tick(name)}"
                    problems.append(
                        Problem("unknown environment", detail, hint, part.document.at("environments", name))
                    )
        if part.kind in PARTS:  # its own model has them
            return problems
        kind = kind_named(COMPOSES)
        model = object_model(Object("Environments", "What differs.", (environments(kind, written_questions(kind)),)))
        value = {"environments": parts}
        try:
            model.model_validate(value)
        except ValidationError as error:
            problems += explain(error, model, part.document, kind.glossary())
        return problems

    def _interviews(
        self, part: Part, problems: list[Problem], used: dict[str, None]
    ) -> tuple[list[Desired], list[Problem], list[tuple[str, Where]]]:
        """What one document wants in each language, what is wrong, and where else the invalid ones come from."""
        done = self.composer.compose(part)
        used |= done.used
        problems = [*problems, *done.problems]
        desired: list[Desired] = []
        users: list[tuple[str, Where]] = []
        is_wrong = any(problem.severity == "error" for problem in problems)
        for document in done.documents:
            found = self._placed(document, judge_document(document), used)
            problems += found
            if not is_wrong and not any(problem.severity == "error" for problem in found):
                of = document.value["kind"]
                desired.append(resolve(document, of, kind_named(of).complete(document.value["spec"])))
            elif isinstance(document, ComposedDocument):
                users += _shared(document)
        return desired, problems, users

    def _placed(self, document: Document, problems: list[Problem], used: dict[str, None]) -> list[Problem]:
        """`problems` without those that a part has by itself; what only this use of a set makes wrong, at the use."""
        if not isinstance(document, ComposedDocument):
            return problems
        kept = []
        for problem in problems:
            where = problem.where
            if where is None or where.path == document.where.path:
                kept.append(problem)
            elif not any(
                (one.summary, one.where) == (problem.summary, where) for one in self._of_file(where.path, used)
            ):
                use = _use_of(document, where)
                kept.append(replace(problem, where=use or where))
        return kept

    def _of_file(self, path: str, used: dict[str, None]) -> list[Problem]:
        """What is wrong with the parts in the file shown as `path`, by themselves."""
        if path not in self._of_parts:
            found: list[Problem] = []
            for role in used:
                part = self.library.find(role)
                if part is not None and part.source.shown == path:
                    found += [
                        problem for one in self.library.parts(part.source) for problem in judge_part(one.document)
                    ]
                    break
            self._of_parts[path] = found
        return self._of_parts[path]


def _is_in(problem: Problem, path: str, lines: set[int]) -> bool:
    """Whether a line of the file that is wrong as YAML, or in its variables, is reported a second time."""
    return problem.where is not None and problem.where.path == path and problem.where.line in lines


def _shared(document: ComposedDocument) -> list[tuple[str, Where]]:
    """The name of an interview with each place outside of its own file."""
    name = str(document.value.get("metadata", {}).get("name"))
    places = [document.at("spec", field) for field in document.origins]
    places += [document.at("lifecycle", field) for field in document.lifecycle_origins]
    for number, question in enumerate(document.questions):
        places.append(question.layers[-1].at())
        places += [document.at("spec", "questions", number, field) for field in question.origins]
    return [(name, place) for place in dict.fromkeys(places) if place.path != document.where.path]


def _use_of(document: ComposedDocument, where: Where) -> Where | None:
    """Where the question is used that has a value at `where`."""
    for number, question in enumerate(document.questions):
        if question.use and any(
            where == place
            for place in (question.layers[-1].at(), *(origin.at(name) for name, origin in question.origins.items()))
        ):
            return document.used_at(number)
    return None
