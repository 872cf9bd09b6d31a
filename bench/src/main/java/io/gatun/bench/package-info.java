/**
 * Measures Gatun, alone and beside its peers. {@link io.gatun.bench.BenchCommand} is the entry; {@code traffic} makes and
 * counts frames, {@code peers} are the things measured, {@code cases} say what is measured, {@code report} turns samples
 * into figures, {@code micro} holds the JMH benchmarks.
 *
 * <p>The surprising rule: a figure is a median with its minimum and maximum over at least three rounds, or it is not
 * printed; see docs/adr/0007.
 */
package io.gatun.bench;
