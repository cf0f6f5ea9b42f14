"""Recipes of small networks that recognise commands, known by name."""
