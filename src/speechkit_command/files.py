"""Writes the files of a command whole or not at all."""

from speechkit._replacing import replacing

__all__ = ["replacing"]
