"""The schema, step by step, each step both ways; acted as the role that owns the tables."""
