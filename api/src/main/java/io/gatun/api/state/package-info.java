/**
 * What survives a restart: one JSON file per kind, written whole, flushed and renamed into place before a client hears
 * Success. The version before stays beside it, for the day when the file is found damaged.
 */
package io.gatun.api.state;
