/**
 * Results as a page that needs nothing else: tables, and plots inside it as images. JFreeChart draws; medians are points,
 * the least and the most of all rounds are bars through them.
 */
package io.gatun.bench.plot;
