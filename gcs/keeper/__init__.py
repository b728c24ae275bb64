"""The keeper: the only hand that writes the borough's record (incidents, missions, audit)."""
