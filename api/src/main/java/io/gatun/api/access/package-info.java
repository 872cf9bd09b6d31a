/**
 * Who may use the API: certificates, keys and tokens from files, which are read again when they change, and how much one
 * source may ask for. Knows nothing of HTTP. See docs/adr/0032-api-security.md.
 */
package io.gatun.api.access;
