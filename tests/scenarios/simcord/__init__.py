"""The real core behind the Discord front end, in a simulated Discord."""
