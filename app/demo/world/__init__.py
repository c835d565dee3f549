"""The invented partnership: who takes part, which families there are, and 90 days of asking.

Pure data, the same for the same instant and seed. Nothing here is about anyone who exists: names
come from lists made for this, NHS numbers from the range that is never given to a person.
"""
