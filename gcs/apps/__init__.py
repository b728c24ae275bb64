"""One composition root per process: reads settings, builds everything, top to bottom."""
