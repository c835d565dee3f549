"""What people and systems do about subjects, consents and shields, one function for each.

Whatever changes a subject's facts begins with a function of `holding`, which locks the subject and
only then reads the clock: its instant is what the others take as `at`.
"""
