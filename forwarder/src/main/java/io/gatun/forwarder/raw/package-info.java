/**
 * AF_PACKET with the virtio-net header: the socket, its frames, and the ports that the pipeline sees. Owner thread: the
 * forwarder agent of the queue. The surprising rule: the ten bytes before a frame are the kernel's, where it reads and
 * writes what is left for the device to do; a port rebuilds them from the frame's own headers whenever it sends.
 */
package io.gatun.forwarder.raw;
