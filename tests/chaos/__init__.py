"""The kill test: the bot is a process of its own and dies by SIGKILL at named points; the vendor's count decides."""
