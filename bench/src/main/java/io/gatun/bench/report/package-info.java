/**
 * From samples to what is printed: {@link io.gatun.bench.report.Spread} is the only way a figure gets out. Pure values.
 */
package io.gatun.bench.report;
