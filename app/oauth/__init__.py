"""The authorization server, built to FAPI 2.0: who speaks to the service, proven at each call."""
