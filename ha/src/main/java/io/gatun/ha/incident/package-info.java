/**
 * The record of takeovers: by what each was found, when it was announced, when the first packet went, what became of the
 * connections (docs/adr/0026-takeover-checks.md). {@link io.gatun.ha.incident.IncidentRecorder} watches counters on a
 * thread of its own; nothing here costs the packet path or VRRP's thread anything.
 */
package io.gatun.ha.incident;
