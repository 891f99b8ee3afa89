"""The Discord front end: units, flows in the simulator, errors on a socket."""
