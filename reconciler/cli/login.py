"""jmctl login: signs in through the browser. The session is renewed from then on, as often as needed."""

from __future__ import annotations

import click

from reconciler.cli.options import project_here, say
from reconciler.cli.write import write


@click.command()
@click.option("--client-id", metavar="ID", help="A client that the server knows, where it registers none by itself.")
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
def command(*, client_id: str | None, no_browser: bool) -> None:
    """Sign in to JobMojito through the browser, so that no token has to be set."""

    def show(url: str) -> None:
        say("sign in at this address; it is opened in your browser if there is one:")
        write(url, err=True)
        if not no_browser:
            click.launch(url)

    from reconciler.engine.login import sign_in

    place = sign_in(project_here(), show, client_id)
    write(f"Signed in; the session is kept in {place}. Next: jmctl plan")
