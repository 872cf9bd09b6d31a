package io.gatun.forwarder.control;

/**
 * What tells whether an agent and its rings move. Counts run freely and begin anew when the port is opened anew.
 *
 * @param agent interface and queue, such as {@code eth0/0}
 * @param cycles duty cycles begun
 * @param submitted frames given to the kernel to send; 0 where it takes them at once, as many as
 *     completed while the link cannot carry packets
 * @param completed those that it gave back
 */
public record AgentPulse(String agent, long cycles, int submitted, int completed) {}
