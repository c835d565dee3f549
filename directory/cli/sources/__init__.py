"""Where records are imported from: lines, pages of a feed, whole feeds, and tables."""
