package io.gatun.api.model;

import java.util.List;

/** An address to give to a link, as {@code POST config/ipv4address} has it: {@code 192.168.80.5/24}. */
public record HostAddress(String dev, String ipAddress) {

    /**
     * The addresses that a link has.
     *
     * @param sync 0, for loxilb's clients: all of them are in force
     */
    public record OfLink(String dev, List<String> ipAddress, int sync) {}

    /** Those of all links, as {@code GET config/ipv4address/all} answers. */
    public record All(List<OfLink> ipAttr) {}
}
