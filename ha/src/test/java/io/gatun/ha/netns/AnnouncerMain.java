package io.gatun.ha.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatun.ha.announce.Announcer;
import io.gatun.ha.announce.AnnouncerCounter;
import io.gatun.ha.announce.AnnouncerInterface;
import io.gatun.ha.announce.AnnouncerProxy;
import io.gatun.ha.role.Role;
import io.gatun.ha.wire.Frames;
import io.gatun.ha.wire.IpSubnet;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NeighbourProtocol;
import io.gatun.ha.wire.PacketWire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An announcer to be run in a network namespace: the argument is its interface, each line on stdin is a command, each
 * line on stdout an answer. It ends with stdin.
 */
public final class AnnouncerMain {
    private AnnouncerMain() {}

    public static void main(String[] args) throws Exception {
        AnnouncerInterface link = link(args[0]);
        try (Announcer announcer = Announcer.start(List.of(link));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            System.out.println("ready " + link.mac());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(obey(announcer.proxy(), link, line.split(" ")));
            }
        }
    }

    private static String obey(AnnouncerProxy proxy, AnnouncerInterface link, String[] words) throws Exception {
        if (words[0].equals("send")) {
            return send(link, words[1]);
        }
        CompletableFuture<Void> inForce = switch (words[0]) {
            case "add" -> proxy.addVip(InetAddress.getByName(words[1]));
            case "remove" -> proxy.removeVip(InetAddress.getByName(words[1]));
            case "role" -> proxy.role(Role.valueOf(words[1]));
            case "reannounce" -> proxy.reannounce();
            default -> CompletableFuture.completedFuture(null);
        };
        inForce.get(10, TimeUnit.SECONDS);
        return words[0].equals("counter") ? Long.toString(proxy.counter(AnnouncerCounter.valueOf(words[1]))) : "ok";
    }

    /** Sends a frame as any host could. */
    private static String send(AnnouncerInterface link, String hex) {
        try (LinkWire wire = PacketWire.open(link.ifindex(), NeighbourProtocol.ARP)) {
            int lengthBytes = Frames.bytes(hex).length;
            return wire.send(Frames.buffer(hex), lengthBytes) == lengthBytes ? "ok" : "failed";
        }
    }

    private static AnnouncerInterface link(String name) throws IOException {
        NetworkInterface netInterface = NetworkInterface.getByName(name);
        List<IpSubnet> subnets = new ArrayList<>();
        for (InterfaceAddress each : netInterface.getInterfaceAddresses()) {
            subnets.add(IpSubnet.of(each.getAddress(), each.getNetworkPrefixLength()));
        }
        long mac = 0;
        for (byte each : netInterface.getHardwareAddress()) {
            mac = mac << 8 | (each & 0xff);
        }
        return new AnnouncerInterface(name, netInterface.getIndex(), new MacAddress(mac), subnets);
    }
}
