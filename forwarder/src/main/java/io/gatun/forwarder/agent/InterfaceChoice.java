package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.forwarder.sys.netlink.RouteEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which interfaces the options mean, and whether they can be served.
 *
 * <p>By name: exactly those, and one that cannot be served is an error. By loxilb's patterns: every interface that a
 * pattern leaves and that can be served; the others are passed over with a line in the log. What can be served is an
 * Ethernet interface that is switched on and is not the loopback, not an end of {@link LocalPair}, and not a port of a
 * bridge or bond, whose routes and neighbours belong to the bridge. A VLAN device beside its parent is passed over in both
 * cases: its frames arrive, tagged, on the parent. An interface without carrier is served; it may come.
 */
final class InterfaceChoice {
    static final String NAME = "--interface";
    static final String WHITELIST = "--whitelist";
    static final String BLACKLIST = "--blacklist";

    private static final Logger LOG = LoggerFactory.getLogger(InterfaceChoice.class);

    private final List<LinkEvent> links;
    private final List<RouteEvent> routes;

    /** A choice among these. */
    InterfaceChoice(List<LinkEvent> links, List<RouteEvent> routes) {
        this.links =
                links.stream().sorted(Comparator.comparing(LinkEvent::name)).toList();
        this.routes = routes;
    }

    private static InterfaceChoice among(NetworkState network) {
        return new InterfaceChoice(network.links(), network.routes());
    }

    /**
     * The names of the interfaces to serve, each once.
     *
     * @param names of {@code --interface}; excludes patterns. Without names and patterns it is the interface of the default
     *     route
     * @param whitelist unanchored regular expression of the interfaces to serve, null or empty for none; where it is
     *     given, the blacklist does not count
     * @param blacklist unanchored regular expression of the interfaces not to serve, null or empty for none
     * @throws RejectedException with one sentence that names the flag, its value and the cure
     */
    static List<String> choose(List<String> names, String whitelist, String blacklist, NetworkState network) {
        return among(network).choose(names, whitelist, blacklist);
    }

    /** The interfaces of these names, be they fit to be served or not. */
    static List<LinkEvent> existing(List<String> names, NetworkState network) {
        return among(network).existing(names);
    }

    /** The interfaces of these names, all of them fit to be served. */
    static List<LinkEvent> resolve(List<String> names, NetworkState network) {
        return among(network).resolve(names);
    }

    List<String> choose(List<String> names, String whitelist, String blacklist) {
        boolean white = whitelist != null && !whitelist.isEmpty();
        boolean black = blacklist != null && !blacklist.isEmpty();
        if (!names.isEmpty()) {
            if (white || black) {
                String flag = white ? WHITELIST : BLACKLIST;
                throw RejectedException.invalid(
                        flag, white ? whitelist : blacklist, "cannot stand beside " + NAME + ": leave one of them out");
            }
            return withoutVlansOfChosen(resolve(names));
        }
        if (white) {
            Pattern pattern = compile(WHITELIST, whitelist);
            return matching(
                    WHITELIST, whitelist, link -> pattern.matcher(link.name()).find());
        }
        if (black) {
            Pattern pattern = compile(BLACKLIST, blacklist);
            return matching(
                    BLACKLIST, blacklist, link -> !pattern.matcher(link.name()).find());
        }
        return withoutVlansOfChosen(resolve(List.of(ofDefaultRoute())));
    }

    private List<LinkEvent> existing(List<String> names) {
        List<LinkEvent> named = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            named.add(links.stream()
                    .filter(link -> link.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> RejectedException.invalid(
                            NAME, name, "there is no such interface here, there are " + linkNames())));
        }
        return named;
    }

    private List<LinkEvent> resolve(List<String> names) {
        List<LinkEvent> named = existing(names);
        for (LinkEvent link : named) {
            Optional<String> unfit = unfit(link);
            if (unfit.isPresent()) {
                throw RejectedException.invalid(NAME, link.name(), unfit.get() + ", " + cure(link));
            }
        }
        return named;
    }

    private List<String> matching(String flag, String value, Predicate<LinkEvent> wanted) {
        List<LinkEvent> chosen = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (LinkEvent link : links) {
            if (link.loopback() || LocalPair.isOurs(link.name()) || !wanted.test(link)) {
                continue;
            }
            unfit(link).ifPresentOrElse(why -> passedOver.add(link.name() + " " + why), () -> chosen.add(link));
        }
        if (chosen.isEmpty()) {
            String why = passedOver.isEmpty()
                    ? "leaves no interface"
                    : "leaves no interface that can be served (" + String.join(", ", passedOver) + ")";
            throw RejectedException.invalid(
                    flag, value, why + ", change it or give " + NAME + ": there are " + linkNames());
        }
        if (!passedOver.isEmpty()) {
            LOG.info("{}={}: passed over {}", flag, value, String.join(", ", passedOver));
        }
        return withoutVlansOfChosen(chosen);
    }

    /** Why a link cannot be served, in words that follow its name. */
    private Optional<String> unfit(LinkEvent link) {
        if (LocalPair.isOurs(link.name())) {
            return Optional.of("is Gatun's own link for local traffic");
        }
        if (link.loopback() || link.mac() < 0) {
            return Optional.of("is no Ethernet interface");
        }
        if (!link.enabled()) {
            return Optional.of("is down");
        }
        return port(link).map(master -> "is a port of " + master.name());
    }

    private String cure(LinkEvent link) {
        boolean ethernet = !link.loopback() && link.mac() >= 0 && !LocalPair.isOurs(link.name());
        if (ethernet && !link.enabled()) {
            return "run: ip link set " + link.name() + " up";
        }
        Optional<LinkEvent> master = ethernet ? port(link) : Optional.empty();
        return "choose " + master.map(LinkEvent::name).orElseGet(() -> "one of " + linkNames());
    }

    /** The bridge or bond to which this link belongs; a member of a VRF is an interface like any other. */
    private Optional<LinkEvent> port(LinkEvent link) {
        return link.master() == 0
                ? Optional.empty()
                : link(link.master()).filter(master -> !master.kind().equals("vrf"));
    }

    private static List<String> withoutVlansOfChosen(List<LinkEvent> links) {
        Set<Integer> indexes = new LinkedHashSet<>();
        links.forEach(link -> indexes.add(link.index()));
        List<String> names = new ArrayList<>();
        for (LinkEvent link : links) {
            if (link.vlan() && indexes.contains(link.peer())) {
                LOG.info("{}: served with the interface whose VLAN {} it is", link.name(), link.vid());
            } else {
                names.add(link.name());
            }
        }
        return List.copyOf(names);
    }

    private static Pattern compile(String flag, String value) {
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            throw RejectedException.invalid(
                    flag,
                    value,
                    "is no regular expression (" + e.getDescription() + " at character " + (e.getIndex() + 1)
                            + "): correct it, or put a backslash before a character that stands for itself");
        }
    }

    /** Of several default routes the one with the lowest metric, IPv4 before IPv6. */
    private String ofDefaultRoute() {
        RouteEvent best = null;
        for (RouteEvent route : routes) {
            boolean leads = route.table() == RouteEvent.TABLE_MAIN
                    && route.prefixLength() == 0
                    && route.type() == RouteEvent.UNICAST
                    && link(route.outIfindex()).isPresent();
            if (leads && (best == null || before(route, best))) {
                best = route;
            }
        }
        if (best == null) {
            throw RejectedException.invalid(
                    NAME, "", "there is no default route that tells it, choose one of " + linkNames());
        }
        return link(best.outIfindex()).map(LinkEvent::name).orElseThrow();
    }

    private static boolean before(RouteEvent route, RouteEvent best) {
        int family = Integer.compare(Addresses.bits(route.destination()), Addresses.bits(best.destination()));
        return family != 0 ? family < 0 : Integer.compareUnsigned(route.priority(), best.priority()) < 0;
    }

    private Optional<LinkEvent> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }

    private String linkNames() {
        List<String> names = new ArrayList<>();
        for (LinkEvent link : links) {
            if (!link.loopback() && !LocalPair.isOurs(link.name())) {
                names.add(link.name());
            }
        }
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
