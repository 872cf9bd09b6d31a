package io.gatun.forwarder.control;

/**
 * What a rule has dropped since it was made, or since the start.
 *
 * @param bytes of frames
 */
public record AccessCount(AccessRule rule, long packets, long bytes) {}
