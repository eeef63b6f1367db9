"""The memory that speaks: what is planned to be said to whom, reconciled with the facts, never triggered."""
