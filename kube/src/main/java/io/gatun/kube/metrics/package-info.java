/** Measures in Prometheus' text format; the only package that knows its library. */
package io.gatun.kube.metrics;
