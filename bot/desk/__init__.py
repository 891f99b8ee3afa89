"""The moderators' desk: settings, review queue, reports, actions, audit log, usage, privacy, styles, as Cards and Forms."""
