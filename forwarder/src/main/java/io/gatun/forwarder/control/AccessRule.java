package io.gatun.forwarder.control;

/**
 * Whether a network may send to what this node serves. Of the rules that hold an address, that with the longest prefix
 * decides; without any it may.
 */
public record AccessRule(SourcePrefix source, boolean allowed) {}
