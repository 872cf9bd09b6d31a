/**
 * Which of several nodes owns the VIPs: VRRPv3 (RFC 9568). {@link io.gatun.ha.vrrp.VrrpInstance} is the state machine
 * and {@link io.gatun.ha.vrrp.AdvertReader} the judge of what arrives, both pure; {@link io.gatun.ha.vrrp.Vrrp} runs
 * them on a thread of their own.
 *
 * <p>The surprising rule: an advert that lists other addresses than ours is obeyed all the same, because rules reach the
 * nodes one after the other.
 */
package io.gatun.ha.vrrp;
