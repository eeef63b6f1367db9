"""Reads across rooms and writes nothing."""
