"""Turnover: what keeps a partnership going when people change, or when an agency needs a pause."""
