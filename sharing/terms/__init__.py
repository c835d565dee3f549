"""The words of sharing: what an agreement opens, what is asked, and the two answers."""
