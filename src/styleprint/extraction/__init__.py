"""A corpus becomes a Table: parallel, cached, resumable."""
