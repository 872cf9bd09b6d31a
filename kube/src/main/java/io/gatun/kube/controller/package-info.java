/**
 * The side of the controller that acts: it watches the cluster, has everything concluded anew when something changed,
 * tells load balancers what is wanted, and writes on Services what became of them.
 *
 * <p>One thread decides ({@link Reconciler}), some write ({@link ServiceWriter}); what they share is in {@link Wake} and in concurrent maps.
 */
package io.gatun.kube.controller;
