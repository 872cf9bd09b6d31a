/**
 * Flat-L2 topologies in network namespaces: hosts on one bridge, or joined by wires, with real processes in them.
 *
 * <p>A {@link io.gatun.lab.Lab} belongs to the thread that opened it; process output may be read from any thread. The
 * root namespace gets no link: the bridge lives in a namespace of its own. Everything a lab makes is written to
 * {@code /run/gatun-lab/ID} before it is made, so that the next {@link io.gatun.lab.Lab#open} removes what a killed JVM
 * left; names that are not written there are never touched.
 *
 * <p>The surprising rule: inside {@link io.gatun.lab.Host#call} sockets and {@code /proc/sys/net} are the host's, but
 * {@code /proc/net} (which follows the JVM's first thread) and {@code /sys/class/net} (which follows the mount) are
 * still the root namespace's; use {@code /proc/thread-self/net}. A thread started there inherits the namespace and pins
 * it, so shared pools must not be warmed up from within.
 */
package io.gatun.lab;
