"""The `speechkit` command: parses arguments and calls the rest."""
