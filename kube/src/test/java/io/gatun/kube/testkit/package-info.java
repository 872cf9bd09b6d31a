/** Real Gatun processes in network namespaces, and a way to their REST API for code that runs in this process. */
package io.gatun.kube.testkit;
