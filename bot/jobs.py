"""Long work off the listeners: one diagnosis and one change at a time for one gateway."""
