/**
 * Load balancers over loxilb's REST API: each member of the fleet has a thread that watches it and one that brings its
 * rules to what is wanted, so that none waits for another.
 *
 * <p>The surprising rule: nothing a member was told counts as there until it was read back or answered for, and after
 * every doubt (no answer, a missed probe) its rules are read again before anything is sent.
 */
package io.gatun.kube.lb;
