/**
 * Tells the network where the VIPs are: answers ARP and neighbour solicitations, announces on a schedule, notices other claimants. One
 * {@link io.gatun.ha.announce.AnnouncerAgent} on one thread owns sockets, VIPs and schedules; everyone else talks to it
 * through {@link io.gatun.ha.announce.AnnouncerProxy}. Responder, schedule and defence are pure: frames and time in,
 * verdicts out.
 *
 * <p>The surprising rule: a VIP is on no interface of the host, so if this thread does not answer, nobody does.
 */
package io.gatun.ha.announce;
