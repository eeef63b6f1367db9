"""Measurements that anyone can repeat with `make bench`. README.md says what each figure means."""
