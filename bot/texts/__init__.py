"""Every sentence that a user can read, one file a subject."""
