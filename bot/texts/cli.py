"""What the command line says to the operator."""

from __future__ import annotations

ABOUT = "A self-hosted /imagine for Discord and Slack. Without a command: run."
RUN = "Run the bot until SIGTERM or SIGINT. Without a chat token it serves the browser playground."
ROLES = "Only these, separated by commas: discord, slack, web, worker. Wins over IMAGINE_ROLES; the others run elsewhere."
INVITE = "Print the link that adds the bot to a Discord server, with exactly the permissions it needs."
MANIFEST = "Print the Slack app manifest, to be pasted into Slack. Socket Mode unless HTTP is chosen."
OVER_HTTP = "Events over HTTP at PUBLIC_URL/slack/events; the default where SLACK_SIGNING_SECRET is set alone."
MIGRATE = "Bring the database up to this version. `run` does it too."
JOBS = "Look at jobs and put them right; the bot may be running."
JOBS_LIST = "List jobs, newest first."
JOBS_SHOW = "Show a job with its calls and both books."
JOBS_RETRY = "Take an ended job up again where it stopped: deliver, fetch or poll."
JOBS_CANCEL = "Cancel a job that has not ended; refunded while nothing was paid."
JOBS_DEAD = "List jobs that failed, could not be delivered or got no answer, with the reason."
USAGE = "What was drawn and what it cost, dearest first; the bot may be running."
USAGE_BY = "One line for each of these."
USAGE_DAYS = "Jobs of so many days back."
USAGE_FORMAT = "table, json or csv."
AUDIT = "Export the audit log, oldest first: who made what where, who decided what and why."
AUDIT_COMMUNITY = "Only of this one, for example discord:81384788765712384 or slack:T024BE7LH; else of all."
AUDIT_USER = "Only what this user did or what was done to them."
AUDIT_SINCE = "Of so many days back; else all of it."
AS_CSV = "Comma-separated values with a header."
BOTH_FORMS = "--json and --csv exclude each other."
NO_ENTRIES = "No such entries."
QUOTA = "A user's pictures of today and this month."
QUOTA_SHOW = "Show what a user has used, by the deployment's own limits."
QUOTA_GRANT = "Give a user pictures on top for today."
QUOTA_RESET = "Give back what a user has used today."
QUOTA_UNITS = "How many pictures."
OPERATOR = "operator"
AS_JSON = "One JSON array instead of lines."
FORMAT = "yaml or json."
STATE = "Only jobs in this state; may be given several times."
USER = "Only jobs of this user, for example discord:80351110224678912 or slack:T024BE7LH:U0BPQUNTA."
LIMIT = "At most so many."
PAY_AGAIN = "Send a job again of which nobody knows whether the provider was paid."

NO_DRIVER = "DATABASE_URL names a Postgres server, and its driver is not installed: `pip install 'imagine-bot[postgres]'`."
NOBODY = "No chat token is set and the playground is off, so nobody can reach this bot."
NO_JOBS = "No such jobs."
NO_DISCORD = "DISCORD_TOKEN is not set: make a bot in Discord's Developer Portal and put its token into .env."
NO_PUBLIC_URL = "Over HTTP, and for many workspaces, Slack must know where this bot is: set PUBLIC_URL to its address."
MANY_WORKSPACES = "For many workspaces, or for one; without this: many where SLACK_CLIENT_ID is set."


def playground(url: str) -> str:
    """Where the browser goes."""
    return f"Open {url} and type /imagine a lighthouse at dusk"


def store_away(why: str) -> str:
    """The database failed under a command; `why` is its own word."""
    return f"The database did not answer: {why}. Nothing was changed."


def offline_id(why: str) -> str:
    """The application id could not be asked for."""
    return f"{why} The application id is taken from the token itself."


def migrated(path: str, before: str | None, after: str) -> str:
    """What `migrate` did."""
    if before == after:
        return f"{path} is up to date ({after})."
    return f"{path} was brought from {before or 'an empty database'} to {after}."


def unknown_job(job_id: str) -> str:
    """No row of that id."""
    return f"There is no job {job_id}."


def taken_up(job_id: str, state: str) -> str:
    """`jobs retry` worked."""
    return f"Job {job_id} goes on from “{state}”; a running bot takes it up within a second."


def cancelling(job_id: str) -> str:
    """`jobs cancel` worked."""
    return f"Job {job_id} is to be cancelled; a running bot does it within a second, or says that the provider goes on."


def ended(job_id: str, state: str) -> str:
    """`jobs cancel` came too late."""
    return f"Job {job_id} has ended already: {state}."


def no_database(path: str) -> str:
    """Nothing to look at."""
    return f"There is no database at {path}: is IMAGINE_DATA_DIR (or DATABASE_URL) the one that the bot runs with?"


def user_key(typed: str) -> str:
    """Not what a user key looks like."""
    return f"{typed} is no user key: give platform:id, or slack:TEAM:USER (`imagine-bot jobs list` shows them)."


def quota(key: str, day: int, daily: int, month: int) -> str:
    """What a user has used, and below nothing: what is granted on top and not used yet."""
    granted = f", {-day} more granted" if day < 0 else ""
    return f"{key}: {max(0, day)} of {daily} pictures used today (UTC){granted}, {max(0, month)} this month."


def granted(units: int) -> str:
    """The audit entry's text."""
    return f"{units} picture{'s' if units != 1 else ''} on top, from the command line."


RESET_TEXT = "today's use given back, from the command line"
