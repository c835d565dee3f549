"""What people and systems do to the directory."""
