"""Labels of buttons, pages and Forms."""

from __future__ import annotations

CANCEL = "Cancel"
DELETE = "Delete"
DETAILS = "Show details"
AGAIN = "Try again"
VARY = "Vary"
REROLL = "↻"
REROLL_HINT = "Draw again"
REMIX = "✎"
REMIX_HINT = "Edit the prompt first"
OPEN = "Open the message"

INFO_TITLE = "Your pictures and jobs"
SETTINGS_TITLE = "Your defaults"
HELP_TITLE = "How to draw"
DETAILS_TITLE = "Details"
COST = "Cost"
COST_ESTIMATED = "Cost (estimated)"

SETTING_LABELS = {
    "provider": "Provider",
    "ratio": "Ratio",
    "style": "Style",
    "suffix": "Suffix",
    "ping": "Ping me when done",
}
NOT_SET = "not set"
NO_DEFAULT = "No default"
ON = "on"
OFF = "off"
SUFFIX_BUTTON = "Edit suffix"
PING_ON = "Ping me when done"
PING_OFF = "Stop pinging me"
SUFFIX_FORM = "Your suffix"
SUFFIX_HINT = "Words and parameters that are added to every prompt of yours, for example: soft light --s 250"
REMIX_FORM = "Edit the prompt"
REMIX_BASE = "Start from"
REMIX_NOTHING = "Nothing: draw again"
REMIX_PICTURE = "Picture"
IMAGINE_FORM = "Draw four pictures"
PROMPT = "Prompt"
PROMPT_HINT = "a lighthouse at dusk --ar 3:2"
PROMPT_CUT = "The old prompt is longer than this form takes: its end was cut off."
FILE = "Picture to start from"
DRAW = "Draw"
SAVE = "Save"
HELP_COMMANDS = "Commands"
HELP_PARAMETERS = "Parameters, at the end of the prompt"
HELP_BUTTONS = (
    "U1-U4 bring one picture large, V1-V4 draw four more like it, ↻ draws again, ✎ lets you edit the prompt first. "
    "Whoever presses pays from their own quota."
)
