"""A folder becomes pieces with labels, works, copies, filters, groups and splits."""
