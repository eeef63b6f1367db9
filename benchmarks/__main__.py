"""`python -m benchmarks NAME SIZE`: one measurement on the database of DATABASE_URL; its figures as one JSON object.

The database is migrated and empty: scripts/run_bench.py gives each measurement a process and a database of its own.
"""

import json
import sys
from importlib import import_module

import django

NAMES = ("importing", "replanning", "claiming", "delivering", "memory", "profiling")

if __name__ == "__main__":
    name, size = sys.argv[1], int(sys.argv[2])
    if name not in NAMES:
        sys.exit(f"{name} is none of {', '.join(NAMES)}")
    django.setup()
    sys.stdout.write(json.dumps(import_module(f"benchmarks.{name}").measure(size)) + "\n")
