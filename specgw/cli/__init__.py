"""The command line: `app` finds the command, each command is a module of its own."""
