"""The project's own promises: its lock, its imports, its commands, its guard."""
