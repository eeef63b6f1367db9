"""Today: the rows that our side should look at, and the daily digest made of them."""
