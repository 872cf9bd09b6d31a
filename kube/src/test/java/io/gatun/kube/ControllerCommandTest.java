package io.gatun.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.desired.Options;
import io.gatun.kube.ipam.Pools;
import io.gatun.kube.model.Family;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ControllerCommandTest {
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        ControllerCommand command = new ControllerCommand(options -> {
            throw new IllegalStateException("started");
        });
        return ControllerCommand.commandLine(command)
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }

    private static ControllerFlags flags(String... arguments) {
        ControllerFlags flags = new ControllerFlags();
        CommandSpec spec = CommandSpec.create().addMixin("flags", CommandSpec.forAnnotatedObject(flags));
        new CommandLine(spec).parseArgs(arguments);
        List<String> problems = new ArrayList<>();
        flags.check(problems);
        assertEquals(List.of(), problems);
        return flags;
    }

    @Test
    void theFlagsOfAManifestOfKubeLoxilbAreTaken() {
        ControllerFlags flags = flags(
                "--externalCIDR=192.168.80.200/32",
                "--setRoles=0.0.0.0",
                "--setLBMode=1",
                "--monitor",
                "--setBGP=0",
                "--v=2",
                "--noZoneName");
        Options options = flags.options();
        assertEquals("loxilb.io/loxilb", options.loadBalancerClass());
        assertEquals(
                "[192.168.80.200]", options.pools().ipv4().get(Pools.DEFAULT).toString());
        assertEquals(1, options.mode());
        assertTrue(options.monitor());
        assertFalse(options.unique());
        assertFalse(flags.hostNames());
        assertEquals("0.0.0.0", flags.fleet().setRoles());
        assertEquals("loxilb-lb-service", flags.members().service());
        assertEquals(11_111, flags.members().port());
    }

    @Test
    void defaultsAreThoseOfKubeLoxilb() {
        Options options = flags().options();
        assertEquals(
                "[123.123.123.1-123.123.123.255]",
                options.pools().ipv4().get(Pools.DEFAULT).toString());
        assertTrue(options.pools().ranges(Family.IPV6, Pools.DEFAULT).isPresent());
        assertEquals("llb", options.zone());
        assertEquals("gatun.io/load-balancer", options.finalizer());
        assertEquals(0, options.mode());
        assertEquals("", flags().fleet().setRoles());
    }

    @Test
    void poolsInstancesAndUrlsAreRead() {
        ControllerFlags flags = flags(
                "--cidrPools=defaultPool=10.0.0.1-10.0.0.9,edge=10.0.1.0/30",
                "--cidr6Pools=defaultPool=2001:db8::/120",
                "--setUniqueIP",
                "--numZoneInstances=2",
                "--zone=east",
                "--excludeRoleList=192.168.80.9,192.168.80.10",
                "--loxiURL=http://192.168.80.9:11111,http://[2001:db8::9]:11111/",
                "--noZoneName=false",
                "--appendEPs",
                "--drain=false");
        assertEquals("defaultPool, edge", flags.options().pools().names());
        assertEquals("gatun.io/load-balancer-east", flags.options().finalizer());
        assertEquals(
                "[http://192.168.80.9:11111, http://[2001:db8::9]:11111]",
                flags.members().fixed().toString());
        assertTrue(flags.hostNames());
        assertFalse(flags.options().drain());
        assertTrue(flags.fleet().spread());
        assertTrue(flags.fleet().append());
        assertTrue(flags.options().append());
        assertEquals(List.of("192.168.80.9", "192.168.80.10"), flags.fleet().excluded());
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertEquals(
                2,
                run(
                        "--setBGP=64512",
                        "--gatewayAPI",
                        "--appendEPs=perhaps",
                        "--externalCIDR=192.168.80.200/40",
                        "--setLBMode=9",
                        "--loxiURL=192.168.80.9",
                        "--externlCIDR=1",
                        "--monitor=maybe",
                        "--listen=x"));
        List<String> lines = err.toString().lines().sorted().toList();
        assertEquals(9, lines.size(), err::toString);
        assertTrue(lines.contains("gatun: --setBGP=64512 is not supported: addresses are announced by ARP and neighbour"
                + " discovery, not by BGP, leave it out"));
        assertTrue(lines.contains("gatun: --setLBMode=9 is not possible, give 0-5"));
        assertTrue(lines.contains(
                "gatun: --loxiURL: 192.168.80.9 is no base URL, give one such as http://192.168.80.9:11111"));
        assertTrue(lines.stream().anyMatch(line -> line.contains("--externlCIDR=1")), err::toString);
    }

    @Test
    void helpNamesTheFlags() {
        StringWriter out = new StringWriter();
        assertEquals(
                0,
                ControllerCommand.commandLine(new ControllerCommand(options -> null))
                        .setOut(new PrintWriter(out))
                        .execute("--help"));
        assertTrue(out.toString().contains("--cidrPools=NAME=CIDR,..."));
    }
}
