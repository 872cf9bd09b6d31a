package io.gatun.ha.vrrp;

/** RFC 9568 section 6.4. */
public enum VrrpState {
    /** Silent: not started, given up, without addresses, or its interface is down. */
    INITIALIZE,
    /** Listens whether the owner lives. */
    BACKUP,
    /** Owns the addresses. */
    ACTIVE
}
