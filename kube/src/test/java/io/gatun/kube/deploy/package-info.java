/** What is checked of {@code deploy/kubernetes} without a cluster. */
package io.gatun.kube.deploy;
