"""The words of the directory: nouns that do nothing."""
