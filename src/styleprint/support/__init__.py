"""Errors, registries, progress, workers, hashing and atomic files."""
