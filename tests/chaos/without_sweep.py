"""The control's clock: nothing sweeps the outbox. Deliveries begin only when somebody writes, as in many projects."""

from tests.chaos.clockwork import app

for name in ("deliver", "free leases"):
    del app.conf.beat_schedule[name]
