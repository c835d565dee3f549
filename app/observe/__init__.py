"""What operators see of the service: logs, ids that tie them together, numbers and health.

It speaks in ids and codes only. What a person must be able to prove stands in the disclosure log;
what is written here may be read by whoever runs the machines.
"""
