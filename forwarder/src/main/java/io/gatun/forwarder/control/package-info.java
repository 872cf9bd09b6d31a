/**
 * The exported face of the forwarder: what a caller may ask for (specs), what it sees (snapshots) and the one interface
 * through which it asks. Values only; nothing here knows a packet, a table or a system call.
 */
package io.gatun.forwarder.control;
