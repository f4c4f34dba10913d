"""jmctl embed: the link and the iframe of an embedded interview, signed for a visitor, and code that signs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import format_option, identity_option, print_json, project_here
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write
from reconciler.embedding.samples import LANGUAGES
from reconciler.errors import Misconfigured, Misused
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from reconciler.engine.project import Project


@click.command()
@click.argument("name", shell_complete=recorded_names)
@click.option("--name", "visitor_name", metavar="TEXT", help="Sign the link for the visitor of this name.")
@click.option("--email", "visitor_email", metavar="ADDRESS", help="The visitor's email address.")
@click.option("--sample", type=click.Choice(LANGUAGES), help="Print a function that signs links on a server.")
@format_option()
@identity_option
def command(  # noqa: PLR0913 - one per option
    *,
    name: str,
    visitor_name: str | None,
    visitor_email: str | None,
    sample: str | None,
    form: str,
    identity: Path | None,
) -> None:
    """Print the link that opens the embedded interview NAME, and an iframe that shows it in a web page.

    With --name and --email the link is signed, with the key that your identity opens: the visitor need not type them. A
    signed link holds until the key is rotated.
    """
    from reconciler.embedding.link import Visitor
    from reconciler.engine.embedding import Embedding

    project = project_here()
    embedding = Embedding(project, project.find_entry(name), _served_page(project))
    is_signed = visitor_name is not None or visitor_email is not None
    if sample:
        if is_signed:
            raise Misused("--sample signs for any visitor", hint="leave out --name and --email")
        source = embedding.sample(sample)
        if form == "json":
            print_json({"language": sample, "source": source})
        else:
            write(source, nl=False)
        return
    visitor = Visitor(visitor_name or "", visitor_email or "") if is_signed else None
    link = embedding.link(visitor, identity)
    iframe = embedding.iframe(link)
    if form == "json":
        print_json({"link": link, "iframe": iframe, "signed": is_signed})
        return
    write(f"{printable(link)}\n\n{printable(iframe)}")


def _served_page(project: Project) -> str | None:
    """Where the interviews of a sandbox in a folder open; None when the endpoint is another one."""
    folder = project.config.sandbox
    if folder is None:
        return None
    from reconciler.sandbox.served import embed_url

    page = embed_url(folder)
    if page is None:
        where = project.config.at("endpoint")
        raise Misconfigured("the sandbox is not being served", hint="jmctl sandbox serve", where=where)
    return page
