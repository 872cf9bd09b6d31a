package io.gatun.ha.incident;

/** Shows what the test sets. */
final class FakeMeter implements TakeoverMeter {
    volatile long announced;
    volatile long forwarded;
    volatile long withoutConnection;
    volatile long connections;

    @Override
    public long announced(boolean ipv6) {
        return announced;
    }

    @Override
    public long forwarded() {
        return forwarded;
    }

    @Override
    public long withoutConnection() {
        return withoutConnection;
    }

    @Override
    public long connections() {
        return connections;
    }
}
