/**
 * Which endpoints are well. Probes ask, each on a virtual thread of its own; {@link io.gatun.ha.health.HealthMonitor} is
 * one thread that keeps all states and tells the forwarder what changed; {@link io.gatun.ha.health.HealthState} and
 * {@link io.gatun.ha.health.Ejection} decide, from events and times alone.
 */
package io.gatun.ha.health;
