package io.gatun.api.model;

import java.util.List;

/** Why packets were not forwarded since the start, as {@code GET /gatun/v1/drops} answers. */
public record DropReport(long packets, List<Reason> drops) {

    /** One reason, by the name that docs/packet-walk.md explains. */
    public record Reason(String reason, long packets) {}
}
