"""Finding: one row per findable thing, made anew from the facts whenever something was written about a partner."""
