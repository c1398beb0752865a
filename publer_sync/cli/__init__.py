"""The command line: options, help and exit codes. The only home of click.

The first line of each module names the commands whose options and help it has; options that several commands share are
in `options`. What a command does is in `commands`.
"""
