"""The command line `wuji`: everything an operator does without a browser."""

import click

from wuji.cli.account import account
from wuji.cli.db import db
from wuji.cli.doctor import doctor
from wuji.cli.journal import journal
from wuji.cli.plugin import plugin
from wuji.cli.program import Program
from wuji.cli.relay import relay
from wuji.cli.run import demo, openapi, start
from wuji.cli.search import search
from wuji.cli.tenant import tenant


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wuji")
@click.pass_context
def main(context: click.Context) -> None:
    """Wuji 五级: one platform for the five levels of grassroots organisations."""
    context.obj = context.obj or Program()


for command in (account, db, demo, doctor, journal, openapi, plugin, relay, search, start, tenant):
    main.add_command(command)
