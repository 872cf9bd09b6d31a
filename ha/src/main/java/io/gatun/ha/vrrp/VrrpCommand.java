package io.gatun.ha.vrrp;

/** Runs on the agent's thread. */
@FunctionalInterface
interface VrrpCommand {
    void run(VrrpAgent agent, long nowNs);
}
