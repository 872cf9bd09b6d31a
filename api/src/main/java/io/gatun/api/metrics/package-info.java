/**
 * What Prometheus is told. {@link io.gatun.api.metrics.Metrics} reads what others have counted at the moment of a scrape
 * and keeps next to nothing itself; names and their reasons are in docs/adr/0030-observability.md. Nothing here is loaded
 * before the first scrape.
 */
package io.gatun.api.metrics;
