"""Format manifests: find the files, put each into canonical form, write those that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.atomic_file import replace_file
from reconciler.compose.source import DEFAULTS_FILES
from reconciler.engine.project import Project
from reconciler.errors import Misconfigured, Misused, Problem, Where
from reconciler.fmt import fixed, formatted
from reconciler.project.files import manifest_files, read
from reconciler.text.paths import as_typed


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """A file as it is and as it should be; `shown` is its path as the user would type it."""

    path: Path
    shown: str
    before: bytes
    after: bytes

    @property
    def is_formatted(self) -> bool:
        return self.before == self.after


def format_named(folder: Path, names: Sequence[str], *, fix: bool) -> tuple[list[FormattedFile], list[Problem]]:
    """The files `names` below `folder` in canonical form, and what is wrong with those that have none.

    With `fix` what a word processor left is mended first. Writes nothing. Raises Misused when there is no such file.
    """
    for name in names:
        if not (folder / name).is_file():
            raise Misused("no such file", name, hint="name files, or nothing for all manifests of the project")
    return _formatted(folder, [(str(folder / name), as_typed(folder, name)) for name in dict.fromkeys(names)], fix=fix)


def format_manifests(project: Project, *, fix: bool) -> tuple[list[FormattedFile], list[Problem]]:
    """Every manifest of `project` in canonical form, as `format_named` in all else."""
    config = project.config
    pairs, problems = manifest_files(config.root, config.manifests, config.manifest_places)
    found, wrong = _formatted(config.root, pairs, fix=fix)
    return found, problems + wrong


def write_formatted(file: FormattedFile) -> None:
    """Puts the canonical form in place, atomically; mode and links stay. Raises Misconfigured."""
    try:
        replace_file(file.path.resolve(), file.after)  # resolved: a link goes on being one
    except OSError as error:
        raise Misconfigured(
            "a manifest cannot be written",
            f"{error.strerror}",
            hint="free space or permissions, then run it again",
            where=Where(file.shown),
        ) from None


def _has_defaults(folder: Path) -> bool:
    """Whether there is a file of defaults in `folder` or above it."""
    return any((place / name).exists() for place in (folder, *folder.parents) for name in DEFAULTS_FILES)


def _formatted(root: Path, pairs: Sequence[tuple[str, str]], *, fix: bool) -> tuple[list[FormattedFile], list[Problem]]:
    """Every readable file of the pairs (path, path as shown), and what is wrong with the others, with its lines.

    What lies outside of `root` gives no lines.
    """
    found, problems = [], []
    for path, shown in pairs:
        before = read(path, shown)
        after: bytes | list[Problem] = []
        if not isinstance(before, Problem):
            mended = fixed(before, shown) if fix else before
            after = formatted(mended, shown, has_defaults=_has_defaults(Path(path).parent))
        if isinstance(before, Problem) or not isinstance(after, bytes):
            problems += [before] if isinstance(before, Problem) else after if isinstance(after, list) else []
        else:
            found.append(FormattedFile(Path(path), shown, before, after))
    if problems:
        from reconciler.project.excerpts import with_excerpts

        problems = with_excerpts(problems, root, {shown: path for path, shown in pairs})
    return found, problems
