"""jmctl schema: the JSON Schemas of manifests, of jmctl.yaml, and of what jmctl prints."""

from __future__ import annotations

import click

from reconciler.cli.write import write
from reconciler.resources.part import PARTS
from reconciler.views.schemas import NAMES


@click.command()
@click.option("--config", "configuration", is_flag=True, help="Print the schema of jmctl.yaml instead.")
@click.option("--kind", type=click.Choice(PARTS), help="Print the schema of what interviews are composed of instead.")
@click.option("--output", type=click.Choice(NAMES), help="Print the schema of what jmctl prints as JSON instead.")
def command(*, configuration: bool, kind: str | None, output: str | None) -> None:
    """Print the JSON Schema of manifests, for editors.

    Save it in the repository and begin a manifest with the line:

        # yaml-language-server: $schema=../interview.schema.json
    """
    if output:
        from reconciler.views.schemas import schema_text

        write(schema_text(output), nl=False)
        return
    from reconciler.cli.options import print_json
    from reconciler.engine.json_schema import manifest_schema, part_schema, settings_schema

    if kind:
        print_json(part_schema(kind))
        return
    print_json(settings_schema() if configuration else manifest_schema())
