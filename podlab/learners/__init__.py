"""People: who learns here."""
