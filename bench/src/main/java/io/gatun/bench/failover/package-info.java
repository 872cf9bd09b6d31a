/** How long nobody answers when an active node dies, and what is lost with it. */
package io.gatun.bench.failover;
