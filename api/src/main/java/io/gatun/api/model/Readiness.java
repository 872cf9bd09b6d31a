package io.gatun.api.model;

import java.util.List;

/**
 * What {@code GET /readyz} and {@code GET /livez} answer.
 *
 * @param reasons why not, one sentence each
 */
public record Readiness(boolean ready, List<String> reasons) {}
