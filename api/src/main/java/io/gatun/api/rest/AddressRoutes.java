package io.gatun.api.rest;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.HostAddress;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.forwarder.control.Forwarder;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code config/ipv4address}: what the kernel has, and changes of that; nothing of it is saved here. */
final class AddressRoutes {
    private static final String BASE = RestServer.ROOT + "/config/ipv4address";
    private static final String PHRASE = "ipaddress-args error";
    private static final Pattern CIDR = Pattern.compile("([^/]*)/(\\d{1,2})");
    private static final Pattern MASK = Pattern.compile("\\d{1,2}");
    /** IFNAMSIZ of include/uapi/linux/if.h, less the end of the string. */
    private static final Pattern LINK = Pattern.compile("[^/\\s\\p{Cntrl}]{1,15}");

    private static final int BITS = 32;

    private final Forwarder forwarder;

    AddressRoutes(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(BASE + "/all", this::all);
        routes.post(BASE, this::post);
        routes.delete(BASE + "/{ip}/{mask}/dev/{dev}", this::delete);
    }

    private void all(Context context) throws SocketException {
        List<HostAddress.OfLink> rows = new ArrayList<>();
        for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            List<String> addresses = new ArrayList<>();
            for (InterfaceAddress each : link.getInterfaceAddresses()) {
                if (each.getAddress() instanceof Inet4Address address) {
                    addresses.add(IpLiteral.text(address) + "/" + each.getNetworkPrefixLength());
                }
            }
            if (!addresses.isEmpty()) {
                rows.add(new HostAddress.OfLink(link.getName(), addresses, 0));
            }
        }
        Replies.json(context, new HostAddress.All(rows));
    }

    private void post(Context context) throws IOException {
        HostAddress asked = Json.read(Replies.body(context), HostAddress.class);
        if (asked.dev() == null || asked.ipAddress() == null) {
            throw ApiException.unreadable(
                    "dev or ipAddress is missing, send" + " {\"dev\":\"eth0\",\"ipAddress\":\"192.168.80.5/24\"}");
        }
        Matcher cidr = CIDR.matcher(asked.ipAddress());
        if (!cidr.matches()) {
            throw invalid(PHRASE, "ipAddress", asked.ipAddress(), "give an address such as 192.168.80.5/24");
        }
        String dev = link(asked.dev());
        InetAddress address = address("ipAddress", cidr.group(1));
        if (!forwarder.addAddress(dev, address, mask(cidr.group(2)))) {
            throw new ApiException(409, "cant modify: ipAddress=" + asked.ipAddress() + " is on " + dev + " already");
        }
        Replies.success(context);
    }

    private void delete(Context context) {
        InetAddress address = address("ipAddress", context.pathParam("ip"));
        forwarder.removeAddress(link(context.pathParam("dev")), address, mask(context.pathParam("mask")));
        Replies.success(context);
    }

    private static String link(String text) {
        if (!LINK.matcher(text).matches()) {
            throw invalid(PHRASE, "dev", text, "give a link of this host such as eth0");
        }
        return text;
    }

    private static InetAddress address(String field, String text) {
        return IpLiteral.parse(text)
                .filter(address -> address instanceof Inet4Address
                        && !address.isAnyLocalAddress()
                        && !address.isMulticastAddress())
                .orElseThrow(() -> invalid(PHRASE, field, text, "give an IPv4 address of a host"));
    }

    private static int mask(String text) {
        int mask = MASK.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (mask < 1 || mask > BITS) {
            throw invalid(PHRASE, "mask", text, "give 1-" + BITS);
        }
        return mask;
    }
}
