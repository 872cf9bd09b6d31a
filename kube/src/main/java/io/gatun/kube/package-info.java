/** {@code gatun controller}: Services of type LoadBalancer become rules on load balancers, over loxilb's REST API. */
package io.gatun.kube;
