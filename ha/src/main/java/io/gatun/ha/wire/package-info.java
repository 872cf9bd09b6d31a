/**
 * Frames that Gatun speaks besides the packets it forwards: flyweights, the values in them, and the wire they travel
 * on. A flyweight is owned by the agent that wraps it; a wire by the agent that polls it.
 *
 * <p>The surprising rule: a flyweight never checks on access. {@code validate} is a step of its own that names the
 * reason, and nothing else may be read from a frame that failed it.
 */
package io.gatun.ha.wire;
