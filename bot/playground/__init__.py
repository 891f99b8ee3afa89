"""The third front end: a chat page in the browser, on the same Cards and Forms as the chats. Needs no token."""
