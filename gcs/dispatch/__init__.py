"""Which drone for which incident, and why: an explained ranking. Decides nothing by itself."""
