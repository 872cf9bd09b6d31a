/**
 * What happens on this node, as a stream: a log of the last events that subscribers follow, the watch that finds out
 * what nobody tells, and rates while somebody listens (docs/adr/0031-events-and-page.md). Publishing never waits.
 */
package io.gatun.api.events;
