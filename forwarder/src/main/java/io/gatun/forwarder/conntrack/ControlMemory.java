package io.gatun.forwarder.conntrack;

import org.agrona.UnsafeApi;

/** Access to control words and overflow counts. A seam: the model checker's test puts its own memory here. */
class ControlMemory {
    int acquire(long address) {
        return UnsafeApi.getIntVolatile(null, address);
    }

    void release(long address, int value) {
        UnsafeApi.putIntRelease(null, address, value);
    }

    boolean compareAndSet(long address, int expected, int value) {
        return UnsafeApi.compareAndSetInt(null, address, expected, value);
    }

    void add(long address, int delta) {
        UnsafeApi.getAndAddInt(null, address, delta);
    }
}
