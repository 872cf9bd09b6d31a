/**
 * Runs the packet path hot before the first packet comes: docs/adr/0025-warm-start.md. Everything here is scratch memory
 * of one thread that ends with the start; the tables, counters and sockets of the forwarder are never reached.
 */
package io.gatun.forwarder.warmup;
