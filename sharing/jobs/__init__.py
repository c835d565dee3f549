"""What works in the background, and answers nobody."""
