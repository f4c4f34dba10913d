"""jmctl schema: the JSON Schema that editors check manifests with."""

from __future__ import annotations

import click


@click.command()
@click.option("--config", "configuration", is_flag=True, help="Print the schema of jmctl.yaml instead.")
def command(configuration: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Print the JSON Schema of manifests, for editors.

    Save it in the repository and begin a manifest with the line:

        # yaml-language-server: $schema=../interview.schema.json
    """
    from reconciler.cli.options import print_json
    from reconciler.engine.json_schema import manifest_schema, settings_schema

    print_json(settings_schema() if configuration else manifest_schema())
