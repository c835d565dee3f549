"""The authorization server, built to FAPI 2.0: who may speak to the service, proven at each call."""
