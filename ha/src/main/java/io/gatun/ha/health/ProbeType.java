package io.gatun.ha.health;

import java.util.Locale;

/** How an endpoint is asked, under loxilb's names. */
public enum ProbeType {
    /** A connection is made and closed. */
    TCP,
    /** A datagram is sent; silence counts as well, unless an answer is expected. */
    UDP,
    /** An INIT is sent and no association made. */
    SCTP,
    /** An echo request. */
    PING,
    /** A GET that must be answered by 2xx. */
    HTTP,
    /** The same over TLS; whose certificate it is does not matter. */
    HTTPS,
    /** Nobody is asked; always well. */
    NONE;

    /** Lower case, as the API writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is a port to ask at. */
    public boolean hasPort() {
        return this != PING && this != NONE;
    }
}
