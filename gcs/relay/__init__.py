"""The relay: takes each feed once and fans it out to every desk that asks; decodes nothing."""
