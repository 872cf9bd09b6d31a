/**
 * What is measured, and in which order. {@link io.gatun.bench.cases.ForwardRun} drives one contender over the ladder of
 * offered rates; {@link io.gatun.bench.cases.ForwardBench} interleaves contenders and rounds;
 * {@link io.gatun.bench.cases.ForwardReport} says what came out. One thread.
 */
package io.gatun.bench.cases;
