/**
 * From samples to what is printed and written: {@link io.gatun.bench.report.Spread} is the only way a figure gets out,
 * {@link io.gatun.bench.report.CaseResult} the shape that all cases share, {@link io.gatun.bench.report.Comparison} what
 * two runs say of each other. Values, and the file that holds them.
 */
package io.gatun.bench.report;
