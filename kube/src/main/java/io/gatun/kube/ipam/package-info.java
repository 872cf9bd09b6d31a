/**
 * Which Service gets which address. Pure: all that is known comes in as an argument, nothing is kept, and the same
 * arguments give the same answer, so a controller that starts again hands out what it did before.
 */
package io.gatun.kube.ipam;
