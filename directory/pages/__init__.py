"""HTML doors: the directory for people. What is searched for never stands in an address."""
