"""Every sentence of the playground: the server's answers, and the page's labels (`PAGE`, put in by name)."""

from __future__ import annotations

SHOW = "Show the message"
USERS = ("Robin", "Kim", "Sasha")
"""Who is there when nobody has been made up yet."""

NO_COMMAND = "Commands start with a slash. To draw, type: /imagine {text}"
NO_OPTION = "/{command} has no option “{option}”. Its options: {options}."
UNKNOWN_COMMAND = "There is no command “/{name}”. Try one of these: {commands}."
UNKNOWN_SUB = "“/{command}” has no part “{name}”. Try one of these: {commands}."
MISSING = "The {option} is missing. Type: {usage}"
BAD_NAME = "A name needs at least one letter or digit, and at most 32 characters."
BAD_REQUEST = "The page sent something that we cannot read. Reload it and try again."
STARTING = "Still starting. Try again in a moment."
STOPPING = "The bot is stopping and takes nothing new. Try again when it is back."
FAILED = "Something went wrong on our side; nothing was charged. Try again, or ask whoever runs this bot to look at its log."
NO_PICTURE = "There is no such picture here."
PICTURES_AWAY = "The picture store does not answer just now."
NO_MESSAGE = "That message is not there any more."
FOREIGN_HOST = "This playground does not answer under that address. Open it by the one that the bot printed at its start."
FOREIGN_PAGE = "Only the playground's own page may do that."
KEY_NEEDED = "This playground asks for its key. Open it once as /?key=… with the key that the bot printed at its start."

PAGE = {
    "name": "Imagine",
    "tagline": "playground",
    "skip": "Skip to the command box",
    "messages": "Messages",
    "earlier": "Show earlier messages",
    "empty_title": "Nothing drawn yet",
    "empty_text": "Describe a picture and four drafts of it appear here. Start with this one, or type / for all commands.",
    "example": "/imagine a lighthouse at dusk --ar 3:2",
    "command": "Command",
    "placeholder": "Type / for commands",
    "send": "Send",
    "attach": "Add a picture",
    "detach": "Remove the picture",
    "picture": "Picture to start from",
    "option": "Option",
    "options": "Options",
    "remove_option": "Remove option",
    "commands": "Commands",
    "suggestions": "Suggestions",
    "user": "Speaking as",
    "users": "People",
    "new_user": "New person",
    "new_user_name": "Name",
    "add": "Add",
    "moderator": "Moderator",
    "moderator_hint": "Manages this community and sees #moderators",
    "roles": "Roles",
    "roles_hint": "Words with commas between them, for example: artists, vip",
    "roles_typed": "Role words, with commas between them, for example: artists, vip",
    "channels": "Channels",
    "channel_playground": "playground",
    "channel_moderators": "moderators",
    "moderators_title": "Nothing to look at",
    "moderators_text": "What waits for a moderator appears here, and the log if it is set to this channel.",
    "unread": "new",
    "news_in": "New in {channel}",
    "more": "More",
    "report": "Report picture",
    "moderate": "Moderate picture",
    "at_most": "At most {most} can be chosen.",
    "private": "Only you see this",
    "dismiss": "Dismiss",
    "close": "Close",
    "cancel": "Cancel",
    "previous": "Previous picture",
    "next": "Next picture",
    "download": "Download",
    "download_file": "Download {name}",
    "enlarge": "Enlarge: {alt}",
    "spoiler": "Show the hidden picture",
    "live": "Live",
    "connecting": "Connecting",
    "offline": "No connection: trying again",
    "progress": "Progress",
    "working": "Working",
    "waiting": "Waiting",
    "sending": "Sending",
    "gone": "That message is not there any more.",
    "unreachable": "The bot cannot be reached. Is it running?",
    "drop": "Drop a picture to start from it",
    "not_a_picture": "That file is no picture. PNG, JPEG and WebP can be used.",
    "required": "required",
    "to_newest": "To the newest message",
}
