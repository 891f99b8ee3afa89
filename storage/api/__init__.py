"""Rows of the job API."""
