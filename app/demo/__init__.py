"""The demonstration: an embedded PostgreSQL, invented families, and a tour that tells the story."""
