/** What the controller wants a load balancer to have: plain records, read from nothing and sent nowhere. */
package io.gatun.kube.model;
