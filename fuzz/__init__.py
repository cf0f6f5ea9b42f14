"""Feeds made-up files to every reader of the library: `python -m fuzz.audio`."""
