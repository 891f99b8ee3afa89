"""What attackers try. The rows of docs/security.md name these tests, and those beside the code that they attack."""
