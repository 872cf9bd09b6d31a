/**
 * What the pipeline and the I/O engines agree on: batches of frames in off-heap memory, each with a verdict. Owner
 * thread: the forwarder agent of the queue. The surprising rule: a frame is owned by exactly one of port, batch or
 * holder; {@link io.gatun.forwarder.frame.FramePort#complete} takes every frame of a batch back except the held ones.
 */
package io.gatun.forwarder.frame;
