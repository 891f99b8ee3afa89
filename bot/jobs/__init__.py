"""The heart: what a job is, what may happen to it, and what happens next."""
