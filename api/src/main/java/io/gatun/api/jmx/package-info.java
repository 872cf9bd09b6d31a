/**
 * Two MXBeans, to look at a running Gatun and to tune it; {@link io.gatun.api.jmx.MBeans} registers them when somebody
 * looks. How to connect: docs/operations.md.
 */
package io.gatun.api.jmx;
