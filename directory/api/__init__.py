"""Doors to the directory for programs."""
