"""The store: changes, approvals, seen events and the audit log."""
