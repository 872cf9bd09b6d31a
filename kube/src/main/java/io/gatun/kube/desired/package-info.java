/**
 * What is to be, as a function of what is in the cluster. Pure: a snapshot, the options and what Services hold go in;
 * rules, addresses and what to tell users come out.
 */
package io.gatun.kube.desired;
