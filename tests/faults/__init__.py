"""What may go wrong, at which step, and how it ends: docs/faults.md is made from this by `make catalogue`."""
