"""Runs with faults: processes killed and paused, networks cut; the vehicles tell what they saw."""
