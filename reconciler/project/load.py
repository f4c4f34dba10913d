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
from reconciler.project.seen_files import seen_files, status_of
from reconciler.resources.kind import kind_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from reconciler.project.cache import Cache, Pack
    from reconciler.project.seen_files import SeenFiles


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
    seen = seen_files(cache, root, f"{name}-seen") if cache else None
    sources, unreadable = _split(_seen(path, shown, pack, seen) or _read(path, shown, seen) for path, shown in files)
    if any(source.is_defaults or _is_composed(source, pack) for source in sources):
        from reconciler.project.composed import read_composed

        # what a file takes part in depends on the others, so none is known by its times alone
        sources, gone = _split(source if source.data else _read(source.location, source.shown) for source in sources)
        desired, notes = read_composed(sources, context, pack)
        problems += gone
    else:
        desired, notes = _plain(sources, pack)
    problems += unreadable
    problems += notes
    desired, found_by_name = _named(root, desired)
    problems += found_by_name
    problems += check_across(desired, datetime.now(UTC).date().isoformat())
    problems.sort(key=lambda problem: (problem.where or Where(""), problem.summary))
    if pack:
        pack.save()
    if seen:
        seen.save()
    if problems:
        from reconciler.project.excerpts import with_excerpts

        problems = with_excerpts(problems, root, {shown: path for path, shown in files} | _configuration(root, places))
    if any(problem.severity == "error" for problem in problems):
        raise Invalid(problems)
    desired.sort(key=lambda item: item.name)
    return Manifests(tuple(desired), tuple(problems), len(files))


def _seen(path: str, shown: str, pack: Pack | None, seen: SeenFiles | None) -> Source | None:
    """The file without its content, where that was not touched since it was read, and its entry is in the cache."""
    digest = seen.digest(path) if seen else None
    known = pack.find(digest) if digest and pack else None
    if digest is None or not isinstance(known, dict) or "declares" in known:
        return None
    return Source(path, shown, digest, b"")


def _read(path: str, shown: str, seen: SeenFiles | None = None) -> Source | Problem:
    """The file with its content, which `seen` notes."""
    status = status_of(path) if seen else None
    data = read(path, shown)
    if isinstance(data, Problem):
        return data
    source = Source(path, shown, content_key(data), data)
    if seen and status:
        seen.note(path, status, source.digest)
    return source


def _split(found: Iterable[Source | Problem]) -> tuple[list[Source], list[Problem]]:
    sources: list[Source] = []
    problems: list[Problem] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
        else:
            sources.append(one)
    return sources, problems


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

            whole = source if source.data else _read(source.location, source.shown)
            if isinstance(whole, Problem):
                problems.append(whole)
                continue
            found, notes = judge(whole.data, whole.shown)
            if pack and all(note.severity == "warning" for note in notes):
                pack.keep(whole.digest, kept({whole.digest: whole.shown}, found, notes))
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
