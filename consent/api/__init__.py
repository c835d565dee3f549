"""Doors to subjects, consents, shields and settings.

Each begins a change by holding whom it concerns, and takes its instant from that.
"""
