"""Connectionist temporal classification: one formula, several kernels."""
