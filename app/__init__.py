"""Cleared: may a booked visit go ahead? Importing `app` loads nothing else."""
