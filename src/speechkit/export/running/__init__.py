"""Runners of exported files."""
