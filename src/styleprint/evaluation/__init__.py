"""Protocols, metrics, intervals and the audit. Knows no model."""
