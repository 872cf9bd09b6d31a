package io.gatun.forwarder.sys;

/** A system call failed; the message names the call, what it was for, and the error by symbol and meaning. */
public final class SysException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param what the call and its object, such as {@code bind(AF_XDP eth0 queue 0)}
     * @param errno the positive error number
     */
    public SysException(String what, int errno) {
        super(what + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** The positive error number, see {@link Errno}. */
    public int errno() {
        return errno;
    }

    /** Passes a result of {@link Libc} through, or throws when it is a negated errno. */
    public static int check(int result, String what) {
        if (result < 0) {
            throw new SysException(what, -result);
        }
        return result;
    }

    /** Passes a result of {@link Libc} through, or throws when it is a negated errno (the range the kernel reserves). */
    public static long check(long result, String what) {
        if (result < 0 && result > -4096) {
            throw new SysException(what, (int) -result);
        }
        return result;
    }
}
