"""The reminder policy: pure functions from dated facts to decisions. No clock, no Django, no database."""
