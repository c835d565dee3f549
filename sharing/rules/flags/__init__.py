"""Red flags: each a pure function from measures and thresholds to what it saw, or nothing."""
