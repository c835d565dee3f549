"""The roof: what assembles the storeys into a service that can be started."""
