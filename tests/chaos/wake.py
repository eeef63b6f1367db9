"""Wakes the workers as often as asked, once: what stands in the control for a sweep. `python -m tests.chaos.wake 8`."""

import sys

from tests.chaos.without_sweep import app

if __name__ == "__main__":
    for _ in range(int(sys.argv[1])):
        app.send_task("tasks.deliver.wake", expires=60)
