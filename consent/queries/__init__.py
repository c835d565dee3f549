"""What is on file about subjects, their consents and the settings in force."""
