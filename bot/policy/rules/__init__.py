"""The rules that prompts are held against, one kind a file."""
