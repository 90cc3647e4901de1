"""`wuji openapi`: what the API answers, without asking it."""

from collections.abc import Mapping
from typing import Any

import click
import msgspec

from wuji.app import make_document


@click.command()
@click.option("--core", is_flag=True, help="Without any plugin.")
@click.option("--plugin", "plugin_id", metavar="ID", help="The operations of one plugin alone.")
def openapi(*, core: bool, plugin_id: str | None) -> None:
    """Print the OpenAPI document; needs no database."""
    document = make_document(core=core)
    if plugin_id:
        document = only(document, plugin_id)
        if not document["paths"]:
            raise click.ClickException(
                f"no plugin {plugin_id} serves anything; `wuji plugin check {plugin_id}` says why"
            )
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def only(document: Mapping[str, Any], plugin_id: str) -> Mapping[str, Any]:
    """The paths of one plugin, with every schema: they may name those of the core."""
    paths = document["paths"].items()
    mine = {path: item for path, item in paths if path.startswith(f"/api/v1/tenants/{{tenant_code}}/{plugin_id}/")}
    return {**document, "paths": mine}
