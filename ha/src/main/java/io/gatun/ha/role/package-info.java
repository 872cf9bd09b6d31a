/**
 * Which node serves which VIP. A rule's name ties its VIP to an instance; an instance has a role; the role decides who
 * announces. Called by whoever changes rules or roles, from any thread.
 *
 * <p>The surprising rule: without a peer protocol an instance that nobody gave a role is MASTER, so that a lone node
 * serves at once, and a repeated MASTER is passed on to listeners, so that the network hears of it again.
 */
package io.gatun.ha.role;
