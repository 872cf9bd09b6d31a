package io.gatun.api.metrics;

/** All metrics as a scraper wants them. */
public record Scrape(String contentType, String text) {}
