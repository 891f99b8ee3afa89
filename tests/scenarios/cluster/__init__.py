"""Several processes over one database, each with some of the roles."""
