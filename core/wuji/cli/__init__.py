"""The command line `wuji`: everything an operator does without a browser."""

from importlib import import_module

import click

# Each command stands in a module of its own name, which is imported once it is asked for: the program that some of them
# load takes far longer than what most of them do.
COMMANDS = {
    "account": "Bring in people, make one-time links, suspend.",
    "archive": "Run the archive until SIGTERM or Ctrl-C.",
    "db": "Make, upgrade, check, back up and restore the database.",
    "demo": "Run a whole deployment with demo data on this machine; everything lies in WUJI_HOME.",
    "doctor": "Say what is wrong with this deployment and how to mend it; exit code 1 if anything is.",
    "journal": "Seal and verify the journal, and look after its consumers.",
    "oauth": "Look after signing keys, and register programs of others.",
    "openapi": "Print the OpenAPI document; needs no database.",
    "plugin": "Look at plugins, check them, bring them into the database or take them out.",
    "relay": "Run the relay until SIGTERM or Ctrl-C: it follows and seals the journal, rings for jobs, and clears up.",
    "rollup": "Rebuild and verify figures.",
    "search": "Rebuild and verify the index that search reads.",
    "start": "Run web, worker, relay and whatever servers the options do not name, under one supervisor.",
    "status": "Say which programs run, how far the journal is followed, and what waits.",
    "tenant": "Set up trees of tenants from packs, and look at them.",
    "web": "Serve pages and the API until SIGTERM or Ctrl-C; requests under way are finished.",
    "worker": "Do jobs until SIGTERM or Ctrl-C; those under way are finished, and those cut off by a second one are done again.",
}


class Commands(click.Group):
    """Lists the commands without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wuji")
def main() -> None:
    """Wuji 五级: one platform for the five levels of grassroots organisations."""
