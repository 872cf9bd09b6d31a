/** Settings of the running node that clients change: the log level, intervals of BFD. In force and in a file. */
package io.gatun.api.params;
