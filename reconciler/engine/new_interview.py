"""A new manifest from a list of questions: text, Markdown, or a Word document with the extra `docx`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.atomic_file import create_file
from reconciler.engine.first_files import USUAL_AVATAR
from reconciler.engine.project import Project
from reconciler.errors import Misconfigured, Misused
from reconciler.generate.question_list import Given, QuestionList, listed_manifest, parse_list
from reconciler.text.slug import transliterated

_LONGEST = 63
_MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class NewInterview:
    """A manifest that was written: its file, its name, how many questions it asks."""

    path: Path
    name: str
    questions: int


def new_interview(project: Project, source: Path, name: str | None, avatar: str | None) -> NewInterview:
    """Writes a manifest that asks what stands in `source`, never over a file that is there.

    It is called `name`, else after the title of the list, else after the file. `avatar` names who asks; without it the
    usual one of the sandbox does, and elsewhere the manifest says that one is to be chosen. Raises Misused when there
    is no question or a manifest of that name, Misconfigured when a file cannot be read or written.
    """
    listed = _read(source)
    if not listed.questions:
        raise Misused("no questions in this file", str(source), hint="write one question a line, or as a list")
    title = listed.title or source.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    chosen = name or transliterated(title, _LONGEST) or "interview"
    folder = project.config.root / "interviews"
    path = folder / f"{chosen}.yaml"
    text = listed_manifest(chosen, title, listed.questions, _fields(project, title, avatar))
    try:
        folder.mkdir(exist_ok=True)
        create_file(path, text.encode())
    except FileExistsError:
        raise Misused("there is a manifest of this name", path.name, hint="choose another: --name NAME") from None
    except OSError as error:
        raise Misconfigured("the manifest cannot be written", f"{path.name}: {error.strerror}") from None
    return NewInterview(path, chosen, len(listed.questions))


def _fields(project: Project, title: str, avatar: str | None) -> list[Given]:
    if avatar:
        who = Given("avatar", avatar)
    elif project.config.sandbox:
        who = Given("interview_template_id", USUAL_AVATAR, "or avatar: NAME; see jmctl lookup avatars")
    else:
        who = Given("avatar", "CHOOSE ONE", "the name of one that `jmctl lookup avatars` lists")
    return [
        Given("location", "remote"),
        who,
        Given("mojito_language_code", "en"),
        Given("description", title, "what candidates read before they begin"),
        Given("status", "draft"),
        Given("type", "interview"),
        Given("visibility", "merchant_invite"),
    ]


def _read(source: Path) -> QuestionList:
    try:
        if source.stat().st_size > _MOST_BYTES:
            raise Misused("the file is too large for a list of questions", str(source), hint="name another file")
        if source.suffix.lower() == ".docx":
            return parse_list(_docx_text(source))
        return parse_list(source.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise Misused("not a text file", str(source), hint="save it as text, Markdown (UTF-8) or .docx") from None
    except OSError as error:
        raise Misconfigured("the list of questions cannot be read", f"{source}: {error.strerror}") from None


def _docx_text(source: Path) -> str:
    """The paragraphs as Markdown: headings and titles as headings, list paragraphs as list items."""
    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError:
        raise Misconfigured("Word documents need an extra", "python-docx", hint="pip install 'jmctl[docx]'") from None
    try:
        paragraphs = docx.Document(str(source)).paragraphs
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise Misused("not a Word document", f"{source}: {error}", hint="save it as .docx") from None
    lines = []
    for paragraph in paragraphs:
        style = (paragraph.style.name if paragraph.style else "") or ""
        mark = "# " if style.startswith(("Title", "Heading")) else "- " if style.startswith("List") else ""
        text = " ".join(paragraph.text.split())
        lines.append(f"{mark}{text}" if text else "")
    return "\n".join(lines)
