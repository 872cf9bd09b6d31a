package io.gatun.forwarder.sys.netlink;

/** A message or attribute breaks its own length; thrown and caught inside this package, never seen outside. */
final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String reason) {
        super(reason, null, false, false);
    }
}
