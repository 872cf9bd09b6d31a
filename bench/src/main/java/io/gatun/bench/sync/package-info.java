/**
 * What the exchange of connections costs the node that has them: its packet path in memory, with real peers over Aeron,
 * in turn with one that has none. The surprising rule: threads inherit namespace and CPU of the one that starts them.
 */
package io.gatun.bench.sync;
