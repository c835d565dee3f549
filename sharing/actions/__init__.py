"""What agencies can do: agree, deposit, withhold, ask; and the log line that each answer leaves."""
