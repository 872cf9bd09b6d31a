package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The attributes of a rule. Zero and empty values are absent on the wire. Strings are never null.
 *
 * @param privateIP source of full-NAT traffic instead of the VIP, in the family of the endpoints; empty otherwise
 * @param port first port of the service; 0 for ICMP
 * @param portMax last port of a range; 0 when the rule has one port
 * @param sel a code of {@link io.gatun.forwarder.control.Selection}
 * @param mode a code of {@link io.gatun.forwarder.control.NatMode}
 * @param probetype a name of {@link io.gatun.ha.health.ProbeType}; empty for the usual one of the protocol
 * @param probeport 0 for the endpoint's
 * @param probereq what is sent: of udp the datagram, of http and https the path
 * @param proberesp what must be in the answer
 * @param probeTimeout seconds from probe to probe, under loxilb's name; 0 for 60
 * @param probeRetries failures that make an endpoint down; 0 for 2
 * @param block the command line's "mark"; unsigned 32 bits
 * @param inactiveTimeOut seconds; 0 asks for the default of the protocol
 * @param oper 0 create or replace, 1 attach endpoints, 2 detach endpoints
 * @param probeIntervalMs Gatun's own: milliseconds instead of {@code probeTimeout}, at least 100
 * @param probeTimeoutMs Gatun's own: how long an answer may take; 0 for a second, never longer than the interval
 * @param probeRise Gatun's own: successes that make an endpoint up again; 0 for 1
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ServiceArguments(
        String externalIP,
        String privateIP,
        int port,
        int portMax,
        String protocol,
        int sel,
        int mode,
        int security,
        boolean bgp,
        boolean monitor,
        String probetype,
        int probeport,
        String probereq,
        String proberesp,
        long probeTimeout,
        int probeRetries,
        boolean managed,
        long block,
        int inactiveTimeOut,
        String name,
        boolean snat,
        int oper,
        String host,
        boolean proxyprotocolv2,
        boolean egress,
        long probeIntervalMs,
        long probeTimeoutMs,
        int probeRise) {
    public ServiceArguments {
        externalIP = Json.orEmpty(externalIP);
        privateIP = Json.orEmpty(privateIP);
        protocol = Json.orEmpty(protocol);
        probetype = Json.orEmpty(probetype);
        probereq = Json.orEmpty(probereq);
        proberesp = Json.orEmpty(proberesp);
        name = Json.orEmpty(name);
        host = Json.orEmpty(host);
    }
}
