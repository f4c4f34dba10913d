"""The command line: parses, calls the library, prints. No other part imports it.

A command's module is imported when the command is called, so that `jmctl --version` costs little more than click.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from reconciler import __version__
from reconciler.cli.lazy_group import Late, LateGroup
from reconciler.cli.suggestions import environments
from reconciler.cli.write import write

_COLLECT = (100_000, 50, 100)

# In the order of a user's day
_COMMANDS: Mapping[str, Late] = {
    "init": Late("start a project: jmctl.yaml, an identity to open secrets with, a first manifest", "init"),
    "new": Late("write a manifest from a list of questions", "new"),
    "doctor": Late("check what an apply needs, each finding with the next command", "doctor"),
    "login": Late("sign in to JobMojito through the browser", "login"),
    "logout": Late("end the session that login began", "logout"),
    "trust": Late("let the token_command of this jmctl.yaml run", "trust"),
    "whoami": Late("show for whom the token acts: merchant, environment, credits", "whoami"),
    "lookup": Late("fetch the avatars and languages that interviews may use", "lookup"),
    "validate": Late("check every manifest and explain each mistake at its line", "validate"),
    "fmt": Late("put manifests into their usual form; comments, quotes and values stay", "fmt"),
    "show": Late("the interview as a candidate meets it, from its manifest", "show"),
    "render": Late("one interview with everything resolved, each line with its origin", "render"),
    "texts": Late("texts in other languages: status, accept, export and import as PO", "texts"),
    "plan": Late("show what would change, and change nothing", "plan"),
    "apply": Late("carry out the plan, and record the ids and embed keys", "apply"),
    "drift": Late("show what others changed on the service", "drift"),
    "ci": Late("what a pipeline runs: plan, apply and drift, by its own variables", "ci"),
    "comment": Late("write a plan into the comment on a pull request", "comment"),
    "rollback": Late("apply the manifests of an earlier commit", "rollback"),
    "destroy": Late("remove every managed interview, as its lifecycle says", "destroy"),
    "resolve": Late("settle a create whose outcome is unknown", "resolve"),
    "orphans": Late("list interviews of this project that no state knows", "orphans"),
    "import": Late("bring an interview that exists under jmctl", "import_"),
    "state": Late("look at what jmctl remembers, rename or forget it", "state"),
    "secrets": Late("who can open the embed keys; open, reseal and replace them", "secrets"),
    "output": Late("give out the id, the link and the embed key of one interview", "output"),
    "embed": Late("the link and iframe of an embedded interview, signed for a visitor; code that signs", "embed"),
    "results": Late("look at what candidates answered, and to which wording", "results"),
    "explain": Late("explain a problem by its code, or where a value comes from", "explain"),
    "schema": Late("print the JSON Schema of manifests, for editors", "schema"),
    "sandbox": Late("run and steer the simulated service", "sandbox"),
    "completion": Late("print the completion script for your shell", "completion"),
}


@click.group(cls=LateGroup, late=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    envvar="JMCTL_DIRECTORY",
    help="Run as if started in DIR.",
)
@click.option(
    "--env",
    "environment",
    metavar="NAME",
    envvar="JMCTL_ENV",
    shell_complete=environments,
    help="The environment of jmctl.yaml to use.",
)
@click.option("--quiet", "-q", is_flag=True, envvar="JMCTL_QUIET", help="Say nothing but results, warnings and errors.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    envvar="JMCTL_COLOR",
    show_default=True,
    help="Colours: on terminals, always or never. NO_COLOR and FORCE_COLOR are followed, too.",
)
@click.version_option(__version__, prog_name="jmctl", message="%(prog)s %(version)s")
@click.pass_context
def root(context: click.Context, directory: Path, environment: str | None, *, quiet: bool, color: str) -> None:
    """Interviews as code: YAML manifests in git become JobMojito interviews.

    Each option that stands here has an environment variable: JMCTL_DIRECTORY, JMCTL_ENV, JMCTL_QUIET, JMCTL_COLOR.
    """
    context.obj = {"directory": directory, "environment": environment, "format": "human", "quiet": quiet}
    context.color = _is_coloured(color)


def main() -> int:
    """Runs jmctl and gives its exit code."""
    if instruction := os.environ.get("_JMCTL_COMPLETE"):
        return _suggest(instruction)
    # a state or a plan of thousands is large and has no cycles: looking for them while it grows costs more than a tenth
    # of reading it
    gc.set_threshold(*_COLLECT)
    return run_arguments(sys.argv[1:])


def run_arguments(arguments: list[str]) -> int:
    """Runs jmctl with `arguments`, prints its errors, and gives its exit code. The only place that catches."""
    try:
        with root.make_context("jmctl", arguments) as context:
            value = root.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except BaseException as error:  # noqa: BLE001 - every end has its words and its exit code
        from reconciler.cli.errors import end

        return end(error, arguments)
    return value if isinstance(value, int) else 0


def _is_coloured(choice: str) -> bool | None:
    """Whether output has colours; None leaves it to what it is written to. The option counts before the variables."""
    if choice != "auto":
        return choice == "always"
    if "NO_COLOR" in os.environ:
        return False
    return True if os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false") else None


def _suggest(instruction: str) -> int:
    """Answer the completion script of a shell; what goes wrong must not garble the line that is being typed."""
    from reconciler.cli.completion import suggest
    from reconciler.cli.exit_codes import ExitCode

    try:
        write(suggest(root, instruction))
    except Exception:  # noqa: BLE001 - no suggestion is the answer
        return ExitCode.ERROR
    return ExitCode.DONE
