package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.IpNetwork;
import io.gatun.api.model.LoadBalancer;
import io.gatun.forwarder.control.SourcePrefix;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the networks that may use a service. They are a set: sorted, without their host bits, each once, so that two
 * lists that mean the same are equal and any other two are not.
 */
final class SourceReader {
    static final int SOURCES_MAX = 1024;

    private static final Pattern TEXT = Pattern.compile("([^/]*)(?:/(\\d{1,3}))?");

    private static final Comparator<SourcePrefix> ORDER = Comparator.comparing(
                    (SourcePrefix source) -> source.address().getAddress(), Arrays::compareUnsigned)
            .thenComparingInt(SourcePrefix::length);

    private SourceReader() {}

    /** The networks of the wire; empty when there are none, which means everybody. */
    static List<SourcePrefix> read(List<LoadBalancer.AllowedSource> wire, InetAddress vip) {
        if (wire == null) {
            return List.of();
        }
        if (wire.size() > SOURCES_MAX) {
            throw refused("allowedSources", wire.size() + " of them", "give at most " + SOURCES_MAX);
        }
        TreeSet<SourcePrefix> sources = new TreeSet<>(ORDER);
        for (int i = 0; i < wire.size(); i++) {
            String field = "allowedSources[" + i + "].prefix";
            LoadBalancer.AllowedSource source = wire.get(i);
            if (source == null || source.prefix() == null) {
                throw ApiException.unreadable(field + " is missing, give a network such as 10.0.0.0/8");
            }
            sources.add(read(field, source.prefix(), vip));
        }
        return List.copyOf(sources);
    }

    private static SourcePrefix read(String field, String text, InetAddress vip) {
        Matcher matcher = TEXT.matcher(text);
        Optional<InetAddress> address = matcher.matches() ? IpLiteral.parse(matcher.group(1)) : Optional.empty();
        if (address.isEmpty()) {
            throw refused(field, text, "give a network such as 10.0.0.0/8 or 2001:db8::/32");
        }
        int bits = IpNetwork.bits(address.get());
        int length = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
        if (length > bits) {
            throw refused(field, text, "give a length of 0-" + bits + " after the slash");
        }
        if (!IpLiteral.sameFamily(address.get(), vip)) {
            throw refused(field, text, "give an " + IpLiteral.family(vip) + " network as the VIP is");
        }
        return IpNetwork.of(address.get(), length);
    }

    private static ApiException refused(String field, String value, String cure) {
        return invalid("rule-allowed-src error", field, value, cure);
    }
}
