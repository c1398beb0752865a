"""The group of all commands: its help, and what it suggests for a misspelled command or a misplaced option."""

from __future__ import annotations

import os

import click

from publer_sync.values.errors import SettingsError


class Commands(click.Group):
    """Suggests the nearest command for an unknown one, and the right order of a command and its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            place = next((place for place, word in enumerate(given) if word in self.commands), None)
            if place is None:
                raise
            import shlex

            right = shlex.join([ctx.command_path, *given[place:], *given[:place]])
            message = f"{error.option_name} goes after the command: {right}"
            raise click.UsageError(message, ctx) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = not args or args[0].startswith("-") or self.get_command(ctx, args[0]) is not None
        if not (known or ctx.resilient_parsing):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            meant = (
                f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(self.list_commands(ctx))}"
            )
            raise click.UsageError(f'no such command "{args[0]}"; {meant}', ctx)
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    if not wanted or ctx.resilient_parsing:
        return
    from publer_sync.machine.version import version

    click.echo(f"publer-sync {version()}")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and exit.",
)
def main_group() -> None:
    """Schedule posts in Publer from a folder of YAML files in git.

    \b
    First steps, without an account:
      publer-sync validate examples/calendar
      publer-sync plan examples/calendar --sandbox --now 2027-03-01
      publer-sync apply examples/calendar --sandbox --now 2027-03-01 --yes
    """
    try:
        os.getcwd()  # noqa: PTH109 — a cheap look, long before anything needs pathlib
    except FileNotFoundError:
        raise SettingsError(
            "the current folder was deleted", code="folder.deleted", hint="Change to another folder."
        ) from None
