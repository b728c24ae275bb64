"""What every process needs to run: clock, settings, logging, children and their end."""
