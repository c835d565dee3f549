"""The cellar: what every storey stands on. It imports nothing of ours."""
