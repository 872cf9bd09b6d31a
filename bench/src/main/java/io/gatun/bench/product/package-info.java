/**
 * What is measured of the whole product, as {@code scripts/gatun} starts it: its memory, the gap of a restart, changes of
 * rules under traffic. Frames come from the testbed's generator by the clock, so that what is lost tells for how long
 * nothing was forwarded.
 */
package io.gatun.bench.product;
