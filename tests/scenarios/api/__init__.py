"""The job API."""
