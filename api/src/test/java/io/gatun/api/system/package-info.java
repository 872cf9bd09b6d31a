/**
 * The real {@code gatun} process between real programs, on a flat network of network namespaces.
 *
 * <p>The surprising rule: sockets belong to the namespace of the thread that opens them, so every client call goes
 * through {@code host.call}, and nothing here pools connections: a pool would serve one host with another's.
 */
package io.gatun.api.system;
