"""Wires: settings, addresses, the Celery application and the supervisor. Nobody imports this package."""
