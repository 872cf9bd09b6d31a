/**
 * Frames as bytes, for people: one line of text about a frame, and files that Wireshark opens. Knows neither REST nor the
 * data plane, needs no library, and is used on both sides of the API.
 */
package io.gatun.api.trace;
