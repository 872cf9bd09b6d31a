/**
 * Who owns the VIP and how the network learns it. {@link io.gatun.ha.role} decides which VIPs are ours,
 * {@link io.gatun.ha.announce} tells the network, {@link io.gatun.ha.wire} holds the frames and the sockets.
 *
 * <p>The surprising rule: nothing here knows of services, ports or endpoints beyond the key under which a rule names
 * its VIP; the forwarder learns of a role from whoever listens to it.
 */
package io.gatun.ha;
