package io.gatun.kube.controller;

import java.time.Duration;

/**
 * Who is in charge is written there.
 *
 * @param wanted false to act without asking
 * @param identity of this process, unlike all others
 * @param length after which another may take it
 * @param renew how long a holder tries before it gives up, shorter than that
 * @param retry between two tries
 */
public record Lease(
        boolean wanted,
        String namespace,
        String name,
        String identity,
        Duration length,
        Duration renew,
        Duration retry) {
    /** With the times that Kubernetes' own controllers have. */
    public static Lease usual(boolean wanted, String namespace, String name, String identity) {
        return new Lease(
                wanted,
                namespace,
                name,
                identity,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));
    }
}
