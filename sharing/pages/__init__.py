"""Pages for people who look after how agencies share."""
