"""The files of a project that composes -> its interviews, each made from several files, and every problem once.

What a file gave is cached under its content, the defaults that hold for it, the environment and the variables, together
with the digest of every other file that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reconciler.compose.context import Context
from reconciler.compose.library import SELF, Library, roles_of
from reconciler.compose.source import Source
from reconciler.errors import Problem, Where
from reconciler.project.cache import inputs_key
from reconciler.project.cache_entry import Judged, kept, recalled
from reconciler.text.plural import counted
from reconciler.text.quote import tick

if TYPE_CHECKING:
    from reconciler.manifest.desired import Desired
    from reconciler.project.cache import Pack
    from reconciler.project.judge_composed import Judge


def read_composed(
    sources: Sequence[Source], context: Context, pack: Pack | None
) -> tuple[list[Desired], list[Problem]]:
    """What all `sources` want, and what is wrong or suspicious in them. Errors are never kept in `pack`."""
    folders = {source.location.rpartition("/")[0]: source for source in sources if source.is_defaults}
    library = Library(context, folders)
    problems = _declared(library, sources, pack)
    judges: list[Judge] = []
    desired: list[Desired] = []
    shared: list[tuple[str, Where]] = []
    for source in sources:
        found, notes, users = _of_file(library, source, pack, judges)
        desired += found
        problems += notes
        shared += users
    return desired, _once(problems, [*shared, *_places(desired, problems)])


def _declared(library: Library, sources: Sequence[Source], pack: Pack | None) -> list[Problem]:
    """Notes in `library` what each file declares; gives what is declared twice."""
    problems = []
    for source in sources:
        for role, first in library.declare(source, _roles(library, source, pack)):
            kind, _, name = role.partition("/")
            if kind != "Interview":  # two interviews of one name are found among the interviews
                part = next((one for one in library.parts(source) if role in roles_of(one.document)), None)
                where = part.document.at("metadata", "name") if part else Where(source.shown)
                detail = f"{tick(name)} is declared in {first.shown}, too"
                hint = "remove one of the two, or put them into one document"
                problems.append(Problem("declared twice", detail, hint, where))
    return problems


def _roles(library: Library, source: Source, pack: Pack | None) -> list[tuple[str, int]]:
    known = pack.find(source.digest) if pack else None
    if isinstance(known, dict) and "declares" in known:
        return [(role, number) for role, number in known["declares"]]
    if known is not None or not source.is_signed:
        return []
    parts = library.parts(source)
    found = [(role, number) for number, part in enumerate(parts) for role in roles_of(part.document)]
    if pack and not library.problems(source):
        pack.keep(source.digest, {"declares": [list(pair) for pair in found]})
    return found


def _of_file(
    library: Library, source: Source, pack: Pack | None, judges: list[Judge]
) -> tuple[list[Desired], list[Problem], list[tuple[str, Where]]]:
    """The interviews of one file, its problems, and the places of shared files that each invalid interview uses."""
    chain = library.chain(source)
    is_plain = not chain and not source.is_signed
    context = () if is_plain else (library.context.digest,)
    key = inputs_key([source.digest, *(one.digest for one in chain), *context])
    if pack and (known := _recalled(library, source, pack.find(key))):
        return *known, []
    if not judges:
        from reconciler.project.judge_composed import Judge

        judges.append(Judge(library))
    found, notes, used, users = judges[0].judge(source)
    if pack and all(note.severity == "warning" for note in notes):
        inputs = _inputs(library, source, used)
        pack.keep(key, kept({source.digest: source.shown} if is_plain else inputs, found, notes))
    return found, notes, users


def _inputs(library: Library, source: Source, used: Iterable[str]) -> dict[str, str]:
    """The path of each file that was asked for, by its role and digest."""
    found = {}
    for role in (SELF, *used):
        current = library.current(role, source)
        found[f"{role}={current.digest if current else ''}"] = current.shown if current else ""
    return found


def _recalled(library: Library, source: Source, entry: Any) -> Judged | None:
    """What an entry says, if every file that it was made from is what it was."""
    if not isinstance(entry, dict) or "inputs" not in entry:
        return None
    roles = [name.rpartition("=")[0] for name in entry["inputs"] if "=" in name]
    return recalled(entry, _inputs(library, source, roles) | {source.digest: source.shown})


def _places(desired: Sequence[Desired], problems: Sequence[Problem]) -> list[tuple[str, Where]]:
    """The name of each interview with every place in a file that a problem is in, and that is not its own."""
    files = {problem.where.path for problem in problems if problem.where}
    return [
        (item.name, place)
        for item in desired
        if files
        for place in item.places.values()
        if place.path in files and place.path != item.where.path
    ]


def _once(problems: Sequence[Problem], users: Sequence[tuple[str, Where]]) -> list[Problem]:
    """Each problem once at its place, with how many interviews use what it is about."""
    by_line: dict[tuple[str, int], dict[str, None]] = {}
    for name, place in users:
        by_line.setdefault((place.path, place.line), {})[name] = None
    found: dict[tuple[str, Where | None], Problem] = {}
    for problem in problems:
        found.setdefault((problem.summary, problem.where), problem)
    return [_with_users(problem, by_line) for problem in found.values()]


def _with_users(problem: Problem, by_line: dict[tuple[str, int], dict[str, None]]) -> Problem:
    where = problem.where
    names = sorted(by_line.get((where.path, where.line), ())) if where else []
    if not names:
        return problem
    return replace(problem, detail=f"{problem.detail}; used by {counted(len(names), 'interview')}, first {names[0]}")
