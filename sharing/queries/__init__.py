"""What is on file about agreements, records and the log, read in as few round trips as it takes."""
