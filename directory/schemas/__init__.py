"""The shape of the directory on the wire."""
