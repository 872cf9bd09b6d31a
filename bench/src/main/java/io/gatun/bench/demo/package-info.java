/**
 * What {@code scripts/demo} shows: a lab with two Gatun nodes, real servers and a client, and a story told with them.
 *
 * <p>One thread tells the story. The surprising rule: Gatun is not called but run, as a process, by {@code
 * scripts/gatun}, exactly as a person would; only its mapped counters are read from here.
 */
package io.gatun.bench.demo;
