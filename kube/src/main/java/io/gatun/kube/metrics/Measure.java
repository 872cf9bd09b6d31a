package io.gatun.kube.metrics;

import java.util.List;

/**
 * One value. Those of the same name have the same help and the same names of labels.
 *
 * @param name without {@code _total}, which counters get
 * @param counter whether it only grows
 * @param labels names and values by turns
 */
public record Measure(String name, String help, boolean counter, double value, List<String> labels) {}
