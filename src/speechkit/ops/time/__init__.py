"""Lengths, masks, precision, held windows of streams and statistics over time."""
