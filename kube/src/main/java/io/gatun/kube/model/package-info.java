/**
 * What the controller wants a load balancer to have, and what the sides of clusters and of load balancers share: plain
 * records, read from nothing and sent nowhere.
 */
package io.gatun.kube.model;
