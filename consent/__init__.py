"""What families and young people said: subjects, who decides for them, and what was agreed or refused.

Consents are events that are kept for ever, because what stood at an instant must stay provable after it changed.
"""
