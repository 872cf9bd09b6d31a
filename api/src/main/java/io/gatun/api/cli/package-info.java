/**
 * The command {@code gatun}. {@code run}, {@code detach} and {@code stat} work on this machine; the other verbs ask a
 * Gatun over REST with loxicmd's syntax (contract section 2) and must start fast: they load neither logging nor the
 * daemon. Exit codes: 0 done, 1 failed or refused, 2 bad arguments or environment, and 3 from {@code explain} for a
 * packet that would not be served.
 */
package io.gatun.api.cli;
