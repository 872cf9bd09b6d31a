/**
 * Load balancer rules as loxilb's clients see them, and their way into the forwarder. A rule is checked whole before
 * anything changes; then forwarder, file and VIPs follow in this order, and a failure undoes what went before.
 */
package io.gatun.api.rules;
