"""Commands for the directory."""
