"""One interview with the layers that it is made of, for explanations; parses every file that may take part in it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.compose.composed import ComposedDocument
from reconciler.compose.interview import Composer
from reconciler.compose.library import Library, Part, roles_of
from reconciler.compose.source import Source
from reconciler.errors import Problem
from reconciler.project.cache import content_key
from reconciler.project.config import Config
from reconciler.project.files import manifest_files, read
from reconciler.resources.kind import kind_named
from reconciler.resources.part import COMPOSES


def open_library(config: Config) -> tuple[Library, list[Source]]:
    """The files of the manifests of `config`, and what each declares. Files that cannot be read are left out."""
    pairs, _ = manifest_files(config.root, config.manifests, config.manifest_places)
    sources = []
    for path, shown in pairs:
        data = read(path, shown)
        if not isinstance(data, Problem):
            sources.append(Source(path, shown, content_key(data), data))
    folders = {source.location.rpartition("/")[0]: source for source in sources if source.is_defaults}
    library = Library(config.composition, folders)
    for source in sources:
        if source.is_signed:
            parts = library.parts(source)
            library.declare(
                source, [(role, number) for number, part in enumerate(parts) for role in roles_of(part.document)]
            )
    return library, sources


def composed_interviews(config: Config, name: str = "") -> Iterator[ComposedDocument]:
    """Every interview, or only the one called `name`, as it is composed, right or wrong."""
    library, sources = open_library(config)
    composer = Composer(library, kind_named(COMPOSES))
    for source in sources:
        for part in library.parts(source) if name.encode()[:1] in source.data else ():
            if part.kind == COMPOSES and _may_be(part, name):
                for document in composer.compose(part).documents:
                    if isinstance(document, ComposedDocument) and name in ("", _name(document)):
                        yield document


def _may_be(part: Part, name: str) -> bool:
    own = part.value("metadata", "name")
    return isinstance(own, str) and (not name or name == own or name.startswith(f"{own}-"))


def _name(document: ComposedDocument) -> str:
    return str(document.value["metadata"]["name"])
