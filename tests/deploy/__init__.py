"""What lies in `deploy/` and the Dockerfile, as far as a machine without a cloud and without an engine can check it."""
