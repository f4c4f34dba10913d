"""`jmctl sandbox`: run the simulated service, tell it to misbehave, look inside. Imports the service when called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.sandbox_listen import address, embed_page, listen, missing
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write
from reconciler.errors import Misused, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.sandbox.service import Service

_folder = click.option(
    "--path",
    type=click.Path(path_type=Path, file_okay=False),
    help="folder of its data; default: the endpoint of jmctl.yaml, else .sandbox",
)
_faults = click.option(
    "--fault", "faults", multiple=True, metavar="RULE", help="FAULT[:OPERATION[:KEY=VALUE,...]], repeatable"
)
_seed = click.option("--seed", default=0, help="for the draws of rules with a probability")


@click.group()
def command() -> None:
    """Run and steer the simulated service."""


@command.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", default=0, help="port to listen on; 0 takes a free one")
@_folder
@click.option("--latency", type=click.IntRange(min=0), metavar="MS", help="how long every answer takes")
@_faults
@_seed
def serve(host: str, port: int, path: Path | None, latency: int | None, faults: Sequence[str], seed: int) -> None:  # noqa: PLR0913, PLR0917 - click passes options
    """Answer over HTTP until interrupted; the address is printed first, then where embedded interviews open.

    Example of a fault: drop_after:create:probability=0.2
    """
    service = _service(path)
    _steer(service, {} if latency is None else {"latency_ms": latency}, faults, seed)
    listen(service, host, port, _announce)


@command.command("open")
@click.argument("name")
@click.option("--visitor", nargs=2, metavar="NAME EMAIL", help="a signed link for this visitor")
@click.option("--port", default=0, help="port to listen on; 0 takes a free one")
@click.option("--browser/--no-browser", default=True, help="open the link in the browser of this machine")
@_folder
def open_link(name: str, visitor: tuple[str, str] | None, port: int, path: Path | None, *, browser: bool) -> None:
    """Serve the sandbox and open the embedded interview NAME, to be taken in a browser; until interrupted."""
    service = _service(path)
    parameters = service.embed_parameters(name, visitor)
    if parameters is None:
        service.close()
        hint = "declare is_embedded: true, and jmctl apply; jmctl sandbox dump shows what there is"
        raise NotFound("no embedded interview has this name", name, hint=hint)

    def listening(host: str, chosen: int) -> None:
        from urllib.parse import urlencode

        link = f"{embed_page(host, chosen)}?{urlencode(parameters)}"
        write(f"sandbox: {link}\nsandbox: Ctrl-C ends it; then: jmctl results list")
        sys.stdout.flush()
        if browser:
            click.launch(link)

    listen(service, "127.0.0.1", port, listening)


@command.command("set")
@_folder
@_faults
@click.option("--no-faults", is_flag=True, help="lift every fault")
@_seed
@click.argument("switches", nargs=-1, metavar="[NAME=VALUE]...")
def steer(path: Path | None, faults: Sequence[str], *, no_faults: bool, seed: int, switches: Sequence[str]) -> None:
    """Set switches, replace the faults; a running server follows at its next request."""
    service = _service(path)
    _steer(service, dict(map(_assignment, switches)), faults, seed)
    if no_faults:
        service.set_faults([])
    service.close()


@command.command()
@_folder
def explain(path: Path | None) -> None:
    """Print every switch with its value, every fault, and what they do."""
    service = _service(path)
    from reconciler.sandbox.faults import FAULTS, FORMS, GROUPS, SHORT
    from reconciler.sandbox.switches import TABLE

    values = service.switches
    service.close()
    lines = ["switches"]
    lines += [f"  {f'{switch.name}={_plain(values[switch.name])}':36} {switch.changes}" for switch in TABLE]
    lines += ["faults, as FAULT[:OPERATION[:KEY=VALUE,...]]"]
    for name, meaning in FAULTS.items():
        lines.append(f"  {name:36} {meaning}")
        lines += [f"    {f'form={form}':34} {shape}" for form, shape in FORMS.get(name, {}).items()]
    lines += [f"operations: {' '.join([*SHORT, *GROUPS])}", "keys of every fault: count skip probability seed"]
    sys.stdout.write("\n".join(lines) + "\n")


@command.command()
@_folder
def dump(path: Path | None) -> None:
    """Print every interview as JSON, with all that is stored: embed keys too."""
    import orjson

    service = _service(path)
    text = orjson.dumps(service.dump(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    service.close()
    sys.stdout.write(text.decode())


@command.command("seed-results")
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=recorded_names)
@click.option("--count", default=40, show_default=True, type=click.IntRange(1, 100_000), help="results an interview")
@click.option("--seed", default=0, show_default=True, help="the same seed invents the same results")
@click.option("--real-size", is_flag=True, help="each as large as real ones: 477,000 to 806,000 characters")
@_folder
def seed_results(names: Sequence[str], count: int, seed: int, path: Path | None, *, real_size: bool) -> None:
    """Invent results for the created interviews, marked as synthetic; called again, for the wording of now."""
    from reconciler.cli.sandbox_target import control, served_control

    if url := served_control(path):
        wanted = {"names": list(names), "count": count, "seed": seed, "real_size": real_size}
        made = control(f"{url}/seed-results", wanted)["interview_result_ids"]
    else:
        service = _service(path)
        made = service.seed_results(names, count, seed, real_size=real_size)
        service.close()
    write(f"{len(made)} synthetic results. Next: jmctl results list")


@command.command()
@click.option("--merchant", metavar="NAME", help="any name: a merchant of its own; without it the usual one")
@click.option("--environment", metavar="NAME", help="environment of what is created with it")
@click.option("--admin", is_flag=True, help="may see and choose other merchants")
@click.option("--lasts", type=click.FloatRange(min=0), metavar="SECONDS", help="expires after so long; default never")
def token(merchant: str | None, environment: str | None, lasts: float | None, *, admin: bool) -> None:
    """Print an access token for the sandbox: export JOBMOJITO_TOKEN=$(jmctl sandbox token --merchant second)."""
    from reconciler.sandbox.tokens import issued

    write(issued(merchant, environment, admin=admin, seconds=lasts))


@command.command()
@click.option("--server", default="http://127.0.0.1:8080/functions/v1", show_default=True, help="base URL to put in")
def openapi(server: str) -> None:
    """Print the contract as OpenAPI 3.1, for a validating proxy before your own tools."""
    import orjson

    from reconciler.sandbox.openapi import openapi as described

    write(orjson.dumps(described(server), option=orjson.OPT_INDENT_2).decode())


@command.command()
@_folder
def reset(path: Path | None) -> None:
    """Forget every interview, switch and fault."""
    service = _service(path)
    service.reset()
    service.close()


def _service(path: Path | None) -> Service:
    try:
        import jsonschema_rs  # noqa: F401 - the service imports it when it is first needed, which is too late to explain

        from reconciler.sandbox.service import Service
    except ImportError as error:
        raise missing() from error
    from reconciler.cli.sandbox_target import data_folder

    return Service(data_folder(path))


def _steer(service: Service, switches: dict[str, Any], faults: Sequence[str], seed: int) -> None:
    from reconciler.sandbox.reply import RefusalError

    try:
        if switches:
            service.switch(**switches)
        if faults:
            service.set_faults(faults, seed=seed)
    except RefusalError as refusal:
        raise Misused("the sandbox does not understand", refusal.message) from refusal


def _assignment(text: str) -> tuple[str, Any]:
    import orjson

    name, equals, value = text.partition("=")
    if not equals:
        raise Misused("the sandbox does not understand", f"{text!r} is not NAME=VALUE")
    try:
        return name, orjson.loads(value)
    except orjson.JSONDecodeError:
        return name, value


def _plain(value: Any) -> str:
    import orjson

    return orjson.dumps(value).decode()


def _announce(host: str, port: int) -> None:
    sys.stdout.write(f"sandbox: listening on http://{address(host, port)}/functions/v1\n")
    sys.stdout.write(f"sandbox: embedded interviews open at {embed_page(host, port)}?embed_id=...\n")
    sys.stdout.flush()
