package io.gatun.bench.peers;

/** Something that forwards TCP connections to the VIP of a {@link TcpBed}, to be measured beside others. */
public interface TcpContender {
    /** Short, for tables. */
    String name();

    /** How it is set up, in one line, for readers of the figures. */
    String setup();

    /**
     * Sets it up in the bed's load balancer host.
     *
     * @return when it forwards
     */
    Contender.Running start(TcpBed bed);
}
