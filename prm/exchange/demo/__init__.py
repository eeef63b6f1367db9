"""A fictional coalition, written through the rooms' own actions as if people had typed it in weeks ago."""
