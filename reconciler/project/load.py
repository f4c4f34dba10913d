"""From globs to interviews: finds the files, reads and hashes them, and judges those the cache does not know.

Every problem of every file is gathered before anything is raised. When all files are known neither pydantic nor ruamel
is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reconciler.compose.context import NO_CONTEXT, Context
from reconciler.compose.source import Source
from reconciler.errors import Invalid, Problem, Where
from reconciler.manifest.desired import Desired
from reconciler.project.cache import content_key
from reconciler.project.cache_entry import kept, recalled
from reconciler.project.catalogue import read_catalogue
from reconciler.project.cross_checks import check_across
from reconciler.project.files import manifest_files, read
from reconciler.resources.kind import kind_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reconciler.project.cache import Cache, Pack


@dataclass(frozen=True, slots=True)
class Manifests:
    """What all files want, sorted by name, and what is suspicious in them; `files` is how many were read."""

    desired: tuple[Desired, ...]
    warnings: tuple[Problem, ...]
    files: int


def read_manifests(
    root: Path,
    patterns: Sequence[str],
    cache: Cache | None = None,
    places: Sequence[Where] = (),
    context: Context = NO_CONTEXT,
) -> Manifests:
    """Reads every manifest that the patterns match below `root`; `places` says where each pattern was written.

    `context` has the environment and the variables. Raises Invalid with all problems of all files, sorted by place.
    """
    files, problems = manifest_files(root, patterns, places)
    # the entries of another environment would drop those of this one
    name = "manifests" if context.environment == NO_CONTEXT.environment else f"{context.environment}-manifests"
    pack = cache.pack(root, name) if cache else None
    sources = []
    for path, shown in files:
        data = read(path, shown)
        if isinstance(data, Problem):
            problems.append(data)
        else:
            sources.append(Source(path, shown, content_key(data), data))
    if any(source.is_defaults or _is_composed(source, pack) for source in sources):
        from reconciler.project.composed import read_composed

        desired, notes = read_composed(sources, context, pack)
    else:
        desired, notes = _plain(sources, pack)
    problems += notes
    desired, found_by_name = _named(root, desired)
    problems += found_by_name
    problems += check_across(desired, datetime.now(UTC).date().isoformat())
    problems.sort(key=lambda problem: (problem.where or Where(""), problem.summary))
    if pack:
        pack.save()
    if problems:
        from reconciler.project.excerpts import with_excerpts

        problems = with_excerpts(problems, root, {shown: path for path, shown in files} | _configuration(root, places))
    if any(problem.severity == "error" for problem in problems):
        raise Invalid(problems)
    desired.sort(key=lambda item: item.name)
    return Manifests(tuple(desired), tuple(problems), len(files))


def _is_composed(source: Source, pack: Pack | None) -> bool:
    """Whether other files may take part in what `source` wants; the cache knows of a file that stands by itself."""
    known = pack.find(source.digest) if pack else None
    return "declares" in known if isinstance(known, dict) else source.is_signed


def _plain(sources: Sequence[Source], pack: Pack | None) -> tuple[list[Desired], list[Problem]]:
    """What `sources` want, of which each stands by itself."""
    desired: list[Desired] = []
    problems: list[Problem] = []
    for source in sources:
        inputs = {source.digest: source.shown}
        if pack and (known := recalled(pack.find(source.digest), inputs)):
            found, notes = known
        else:
            from reconciler.project.validate import judge

            found, notes = judge(source.data, source.shown)
            if pack and all(note.severity == "warning" for note in notes):
                pack.keep(source.digest, kept(inputs, found, notes))
        desired += found
        problems += notes
    return desired, problems


def _named(root: Path, desired: Sequence[Desired]) -> tuple[list[Desired], list[Problem]]:
    """The resources with names resolved by the catalogue of the account, and what is wrong by it.

    Cached resources are resolved too: the catalogue may be a newer one.
    """
    catalogue = read_catalogue(root)
    pairs = [kind_named(want.kind).resolve_names(want, catalogue) for want in desired]
    return [want for want, _ in pairs], [problem for _, problems in pairs for problem in problems]


def _configuration(root: Path, places: Sequence[Where]) -> dict[str, str]:
    """The file in which the patterns were written, by its path as typed."""
    return {place.path: str(root / "jmctl.yaml") for place in places[:1]}
