"""What somebody who installs the bot sees: one title, one paragraph, at most one link. No script, no style, no picture."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

from bot.texts import slack_install as texts

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><h1>{title}</h1><p>{said}</p>{more}</body>
</html>
"""


def page(title: str, said: str, status: int, again: str = "") -> HTMLResponse:
    """Everything is escaped, also what Slack or the address said. `again`: where to start anew."""
    more = f'<p><a href="{escape(again)}">{escape(texts.AGAIN)}</a></p>' if again else ""
    return HTMLResponse(
        PAGE.format(title=escape(title), said=escape(said), more=more), status, headers={"cache-control": "no-store"}
    )
