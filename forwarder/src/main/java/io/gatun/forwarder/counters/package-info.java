/**
 * What is counted, under which label, in which mapped file. Each agent owns its counters and is their only writer;
 * readers map the file, so that the figures can be read while the API, or the whole process, is down.
 */
package io.gatun.forwarder.counters;
