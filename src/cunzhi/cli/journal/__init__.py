"""cunzhi journal: the log that outsiders check."""
