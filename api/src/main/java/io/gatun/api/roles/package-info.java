/**
 * Roles of cluster instances as {@code config/cistate} sets and shows them (contract sections 5.1 and 6 R4). A role is
 * accepted before any rule, for an instance nobody has heard of, and again when it has not changed.
 */
package io.gatun.api.roles;
