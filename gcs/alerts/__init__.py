"""Alerts: the gate they pass, their course, how long they are kept. Pure, no biometrics."""
