"""One step per state. A step returns the next version of the job, or the seconds to wait, or None (only a wake helps)."""
