"""What is on file in the directory."""
