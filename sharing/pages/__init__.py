"""Pages for IG leads: what an agency would see, and what a draft agreement would change."""
