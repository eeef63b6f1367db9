"""Drives: thin Celery tasks. Each reads the clock and makes one call into prm; nothing is decided here."""
