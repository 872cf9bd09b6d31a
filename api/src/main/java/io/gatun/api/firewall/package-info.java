/** Firewall rules: which networks may not send to what this node serves. In memory, in the forwarder and in a file. */
package io.gatun.api.firewall;
