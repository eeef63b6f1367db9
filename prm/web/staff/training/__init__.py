"""Training: what is taught, what is planned, one by one, in series and in rounds."""
