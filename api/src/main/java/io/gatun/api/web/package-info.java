/**
 * The status page: some files of the jar, sent as they are (docs/adr/0031-events-and-page.md). What it shows comes from
 * {@code /gatun/v1/status} and {@code /gatun/v1/events}.
 */
package io.gatun.api.web;
