"""Evaluations as self-contained pages."""
