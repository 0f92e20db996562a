"""The `grade` command: one file a command."""
