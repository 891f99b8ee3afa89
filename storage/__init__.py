"""What is kept: jobs, calls, both books, settings, messages and pictures. SQL and paths stand here and nowhere else."""
