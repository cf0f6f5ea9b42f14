"""Normalisers: texts that differ in writing alone become the same text."""
