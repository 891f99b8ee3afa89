"""The settings in the chat: pages, Forms, tiers, rules, stop and resume."""
