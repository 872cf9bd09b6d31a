package io.gatun.kube.ipam;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.Optional;

/**
 * One address that a Service is to have.
 *
 * @param family of the address
 * @param pool where it comes from
 * @param fixed the one that it must be, whatever the pools are
 * @param held the one that it has so far
 */
public record Wish(Family family, String pool, Optional<IpAddress> fixed, Optional<IpAddress> held) {}
