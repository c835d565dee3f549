"""What families and young people said: subjects, who decides for them, what was agreed or refused.

Consents are events that are kept for ever: what stood at an instant must stay provable after it
changed.
"""
