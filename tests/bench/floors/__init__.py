"""The least that a program with the same libraries can do; each file is a process of its own."""
