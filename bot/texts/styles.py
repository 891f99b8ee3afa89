"""What is said about a community's styles."""

from __future__ import annotations

TITLE = "Styles"
OWN = "Of this community"
NO_OWN = "none yet; moderators add them with /style add"
BUILT_IN = "For everybody"
CHOOSE = "Show one"
MORE = "More"
BACK = "All styles"
FIRST = "First page"
EDIT = "Change"
REMOVE = "Remove"
KEEP = "Keep it"
SURE = "Remove it"

PREFIX = "Before the prompt"
SUFFIX = "Behind the prompt"
PARAMETERS = "Parameters"
NAME = "Name"
PREVIEW = "Preview picture"
PREVIEW_ALT = "Preview of the style"
ADDED_BY = "Added by a moderator"
ADD_TITLE = "A style"
SAVE = "Save"
NAME_HINT = "small letters, digits and dashes, for example: old-postcard"
PARAMETERS_HINT = "for example: --ar 3:2 --no text"
SUFFIX_HINT = "for example: faded colours, worn paper"

NOT_HERE = "Styles of one's own belong to a server or workspace: use this there."
MODERATORS_ONLY = "Only moderators may add, change or remove styles here."
BAD_NAME = "A style's name has 1 to 32 small letters, digits and dashes, and no dash at its ends."
RESERVED = "“raw” is a parameter of its own: choose another name."
NOTHING = "A style needs words before or behind the prompt, or parameters."
NO_WORDS = "Only parameters belong there, each with two dashes before its name: words go before or behind the prompt."
TAKEN_OUT = "A style can't hold --style or --provider: these are for the person who draws."


def how(name: str) -> str:
    """What a style is used by; `name`: of one that is there."""
    return f"Put --style and a name behind a prompt, for example: a lighthouse --style {name}"


def unknown(name: str) -> str:
    """No style of that name."""
    return f"There is no style “{name[:40]}” here."


def too_long(label: str, most: int) -> str:
    """A text over our limit."""
    return f"“{label}” may have {most} characters."


def too_many(most: int) -> str:
    """The community has enough."""
    return f"There are {most} styles here already: remove one first."


def preview_too_large(most: int) -> str:
    """A preview over our limit, in bytes."""
    return f"The preview may have {most // 2**20} MB."


def saved(name: str, *, new: bool) -> str:
    """After an add or a change."""
    return f"The style “{name}” is {'added' if new else 'changed'}. Use it with --style {name}."


def removed(name: str) -> str:
    """After a removal."""
    return f"The style “{name}” is removed. Pictures drawn with it stay."


def sure(name: str) -> str:
    """Before a removal."""
    return f"Remove the style “{name}”?"


def page(number: int, pages: int) -> str:
    """Which page of the list."""
    return f"Page {number} of {pages}"


def audit(name: str, done: str, prefix: str = "", suffix: str = "", parameters: str = "") -> str:
    """The line of the audit log."""
    words = " | ".join(part for part in (prefix, suffix, parameters) if part)
    return f"style {name} {done}{f': {words}' if words else ''}"
