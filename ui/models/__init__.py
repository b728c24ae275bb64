"""What each panel shows, as frozen values made from the desk's state. No Qt in here."""
