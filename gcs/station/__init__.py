"""The desk's headless core: what it knows (`state`), what it may ask for (`desk`).

Never decides who is in control, never talks to a drone, never writes the record.
"""
