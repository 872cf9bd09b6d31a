package io.gatun.forwarder.conntrack;

import org.agrona.concurrent.UnsafeBuffer;

/** Access to control words and overflow counts. A seam: the model checker's test puts its own memory here. */
class ControlMemory {
    int acquire(UnsafeBuffer region, int offset) {
        return region.getIntVolatile(offset);
    }

    void release(UnsafeBuffer region, int offset, int value) {
        region.putIntRelease(offset, value);
    }

    boolean compareAndSet(UnsafeBuffer region, int offset, int expected, int value) {
        return region.compareAndSetInt(offset, expected, value);
    }

    void add(UnsafeBuffer region, int offset, int delta) {
        region.getAndAddInt(offset, delta);
    }
}
