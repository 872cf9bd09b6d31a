package io.gatun.forwarder.sys;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file descriptor with one owner, closed once. Open ones are listed with what they are and, under
 * {@code -Dgatun.fd.trace=true}, where they were opened, so that a test can name a leak.
 */
public final class Fd implements AutoCloseable {
    private static final boolean TRACE = Boolean.getBoolean("gatun.fd.trace");
    private static final Map<Integer, Throwable> OPEN = new ConcurrentHashMap<>();

    private final Libc libc;
    private final int number;
    private final String what;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(Libc libc, int number, String what) {
        this.libc = libc;
        this.number = number;
        this.what = what;
    }

    /**
     * Takes ownership of the result of a call that opens a descriptor.
     *
     * @param result descriptor or negated errno
     * @param what the object, for errors and leak reports
     */
    public static Fd own(Libc libc, int result, String what) {
        SysException.check(result, what);
        OPEN.put(result, TRACE ? new Throwable("fd " + result + " " + what) : new Untraced(result, what));
        return new Fd(libc, result, what);
    }

    /** The descriptor's number, valid until {@link #close}. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException(what + " is closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OPEN.remove(number);
            libc.close(number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number + " " + what;
    }

    /** What is open now: descriptor number to a Throwable that names it. */
    public static Map<Integer, Throwable> open() {
        return Map.copyOf(OPEN);
    }

    private static final class Untraced extends Throwable {
        private static final long serialVersionUID = 1L;

        Untraced(int number, String what) {
            super("fd " + number + " " + what + " (run with -Dgatun.fd.trace=true to see where)", null, false, false);
        }
    }
}
