"""The public log: files for machines, and pages on which anybody checks us."""
