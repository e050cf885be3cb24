package dev.tandem.bench;

import dev.tandem.bench.fault.Faults;
import dev.tandem.bench.load.Caller;
import dev.tandem.bench.load.RunClock;
import dev.tandem.bench.plan.Plan;
import dev.tandem.stack.Stack;

/** What all turns of one run have in common. The stack runs. */
record Scene(
    Plan plan,
    long seed,
    Stack stack,
    Faults faults,
    Caller caller,
    RunClock clock,
    Changes changes,
    Progress progress) {}
