package io.gatun.bench.report;

/**
 * One figure of one subject.
 *
 * @param subject who, as {@link Subject#name()}
 * @param name what, the same in every run
 * @param unit of the spread's numbers, 1 for ratios and shares
 */
public record Figure(String subject, String name, String unit, Better better, Spread spread) {}
