"""Imports the modules that are named on standard input, one JSON list, says so, and rests."""

import importlib
import json
import sys
import time


def main() -> None:
    failed = []
    for name in json.loads(sys.stdin.readline()):
        try:
            importlib.import_module(name)
        except ImportError:  # a name that only its package puts into sys.modules
            failed.append(name)
    sys.stdout.write(json.dumps({"failed": failed}) + "\n")
    sys.stdout.flush()
    time.sleep(3600)


if __name__ == "__main__":
    main()
