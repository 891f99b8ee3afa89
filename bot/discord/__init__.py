"""The Discord front end: commands and components in, Cards out as Components V2 messages."""
