"""The desk's panels. Each gets the desk in its constructor, reads state, acts by commands."""
