"""Who helps families, and how to reach them: partner agencies and their contact points."""
