package io.gatun.kube.controller;

import java.util.concurrent.atomic.LongAdder;

/** What happened since the start, over all terms. */
public final class Counts {
    final LongAdder rounds = new LongAdder();
    final LongAdder roundNs = new LongAdder();
    final LongAdder written = new LongAdder();
    final LongAdder conflicts = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder eventsLost = new LongAdder();
    final LongAdder terms = new LongAdder();
}
