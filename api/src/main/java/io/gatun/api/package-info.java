/** Placeholder of the module; see docs/adr/0001. */
package io.gatun.api;
