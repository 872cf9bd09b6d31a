package io.gatun.lab;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host's end of a veth pair; the other end is a port of the bridge, or another host's link. */
public final class Link {
    private static final Pattern INDEX = Pattern.compile("^(\\d+):");

    private final Namespace namespace;
    private final LinkSpec spec;
    private final String mac;
    private final Namespace peerNamespace;
    private final String peerDevice;

    Link(Namespace namespace, LinkSpec spec, String mac, Namespace peerNamespace, String peerDevice) {
        this.namespace = namespace;
        this.spec = spec;
        this.mac = mac;
        this.peerNamespace = peerNamespace;
        this.peerDevice = peerDevice;
    }

    /** Device name inside the host. */
    public String name() {
        return spec.device();
    }

    /** Locally administered, the same in every run: {@code 02:67:00:HOST:HOST:LINK}, counted from 1. */
    public String mac() {
        return mac;
    }

    /** The addresses it was made with. */
    public List<Cidr> addresses() {
        return spec.addresses();
    }

    /**
     * The first address.
     *
     * @throws LabException when it was made without any
     */
    public InetAddress address() {
        if (spec.addresses().isEmpty()) {
            throw LabException.invalid("link", namespace.host() + "/" + name(), "has no address, give it one");
        }
        return spec.addresses().getFirst().address();
    }

    public int mtu() {
        return spec.mtu();
    }

    public int queues() {
        return spec.queues();
    }

    /** Interface index inside the host. */
    public int index() {
        Matcher matcher = INDEX.matcher(Ip.in(namespace, "-o link show dev " + name()));
        if (!matcher.find()) {
            throw new LabException("ip prints no index for " + namespace.host() + "/" + name());
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Adds {@code 192.168.80.200/32} or the like; IPv6 without duplicate address detection. */
    public void add(String cidr) {
        add(Cidr.parse(cidr));
    }

    public void remove(String cidr) {
        Ip.in(namespace, "addr del " + Cidr.parse(cidr) + " dev " + name());
    }

    /** Takes the link down as an administrator does; the kernel drops its routes. */
    public void down() {
        Ip.in(namespace, "link set dev " + name() + " down");
    }

    /** Takes it up again, and restores the gateway it was made with. */
    public void up() {
        Ip.in(namespace, "link set dev " + name() + " up");
        spec.gateway()
                .ifPresent(gateway ->
                        Ip.in(namespace, "route replace default via " + gateway.getHostAddress() + " dev " + name()));
    }

    /** Pulls the cable: the other end goes down, this one loses its carrier and keeps addresses and routes. */
    public void unplug() {
        Ip.in(peerNamespace, "link set dev " + peerDevice + " down");
    }

    public void plug() {
        Ip.in(peerNamespace, "link set dev " + peerDevice + " up");
    }

    /** Deletes it, and with it the other end. */
    public void delete() {
        Ip.in(namespace, "link del dev " + name());
    }

    Cable cable(Cable.End other) {
        return new Cable(other, new Cable.End(namespace, name(), mac), queues(), mtu());
    }

    /** Configures the device that {@link Cable} has just made. */
    void configure() {
        addresses().forEach(this::add);
        up();
    }

    private void add(Cidr cidr) {
        if (cidr.isIpv6()) {
            Ip.in(namespace, "addr add " + cidr + " dev " + name() + " nodad");
        } else {
            Ip.in(namespace, "addr add " + cidr + " broadcast + dev " + name());
        }
    }

    @Override
    public String toString() {
        return name() + " " + mac + " " + addresses();
    }
}
