"""Sentences of the web part, for whoever starts the bot or sends to it."""

from __future__ import annotations

PORT_IN_USE = "Port {port} on {host} is in use by another program. Stop that one, or set HTTP_PORT to a free port."
PORT_FORBIDDEN = "Port {port} on {host} may not be opened by this user. Set HTTP_PORT to a port above 1023."
NO_SUCH_HOST = "HTTP_HOST is {host}, and this machine has no such address. Use 127.0.0.1, or 0.0.0.0 for all its addresses."
NOT_BOUND = "Port {port} on {host} cannot be opened: {reason}. Set HTTP_HOST and HTTP_PORT to an address that is free."
NO_ROUTE = "There is nothing at this address."
BODY_TOO_LARGE = "That is too large: at most {megabytes} MB can be sent here."
BODY_TOO_LARGE_KB = "That is too large: at most {kilobytes} kB can be sent here."
BODY_TOO_SLOW = "The request's body did not arrive within {seconds} s."
NO_LINK = "There is no picture here."
LINK_OVER = "This link has expired. Ask for a new one."
LINK_AWAY = "The picture store does not answer now. Try again in half a minute."
