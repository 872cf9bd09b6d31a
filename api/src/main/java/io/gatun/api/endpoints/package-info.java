/**
 * Endpoints as loxilb's clients see them: those of rules and those that clients make, how each is probed, and whether
 * somebody has declared it down. What shall be probed goes to the health monitor whenever rules or endpoints change.
 */
package io.gatun.api.endpoints;
