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
 * @param block the command line's "mark"; unsigned 32 bits
 * @param inactiveTimeOut seconds; 0 asks for the default of the protocol
 * @param oper 0 create or replace, 1 attach endpoints, 2 detach endpoints
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
        boolean egress) {
    public ServiceArguments {
        externalIP = orEmpty(externalIP);
        privateIP = orEmpty(privateIP);
        protocol = orEmpty(protocol);
        probetype = orEmpty(probetype);
        probereq = orEmpty(probereq);
        proberesp = orEmpty(proberesp);
        name = orEmpty(name);
        host = orEmpty(host);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
