"""The job API: the front end for programs. It converts and calls the core, which decides who may, and what now."""
