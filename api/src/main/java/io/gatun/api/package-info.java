/**
 * What people and controllers talk to: REST ({@code rest}), the rules and roles behind it ({@code rules},
 * {@code roles}), the command line ({@code cli}) and the process that holds them together ({@code daemon}).
 */
package io.gatun.api;
