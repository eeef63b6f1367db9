"""Doors for partners, by link: no account, no cookie, no script."""
