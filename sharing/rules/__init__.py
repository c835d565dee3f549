"""The decision, in two halves: what rests on the asker, then what rests on the subject."""
