package io.gatun.api.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The default gateways of an interface, as the kernel shows its routes. */
final class Gateways {
    /** RTF_GATEWAY of linux/route.h. */
    private static final int GATEWAY = 0x2;

    private static final String NOWHERE = "0".repeat(32);

    private Gateways() {}

    /** At most one of each family; none when there is none or routes cannot be read. */
    static List<InetAddress> of(String interfaceName) {
        return of(interfaceName, Path.of("/proc/net/route"), Path.of("/proc/net/ipv6_route"));
    }

    /** From these files in place of those of /proc/net. */
    static List<InetAddress> of(String interfaceName, Path routes, Path routes6) {
        List<InetAddress> gateways = new ArrayList<>();
        best(routes, fields -> ipv4(fields, interfaceName)).ifPresent(gateways::add);
        best(routes6, fields -> ipv6(fields, interfaceName)).ifPresent(gateways::add);
        return gateways;
    }

    private record Route(InetAddress gateway, long metric) {}

    private interface Reader {
        Route read(String[] fields);
    }

    private static Optional<InetAddress> best(Path file, Reader reader) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> reader.read(line.strip().split("\\s+", -1)))
                    .filter(Objects::nonNull)
                    .min(Comparator.comparingLong(Route::metric))
                    .map(Route::gateway);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Interface, destination, gateway, flags (hexadecimal), reference count, use, metric, mask; addresses in host order. */
    private static Route ipv4(String[] fields, String interfaceName) {
        boolean wanted = fields.length > 7
                && fields[0].equals(interfaceName)
                && fields[1].equals("00000000")
                && fields[7].equals("00000000")
                && (HexFormat.fromHexDigits(fields[3]) & GATEWAY) != 0;
        if (!wanted) {
            return null;
        }
        int gateway = Integer.reverseBytes(HexFormat.fromHexDigits(fields[2]));
        return new Route(
                address(HexFormat.of().parseHex(HexFormat.of().toHexDigits(gateway))), Long.parseLong(fields[6]));
    }

    /** Destination, its length, source, its length, gateway, metric, reference count, use, flags, interface; hexadecimal. */
    private static Route ipv6(String[] fields, String interfaceName) {
        boolean wanted = fields.length > 9
                && fields[9].equals(interfaceName)
                && fields[0].equals(NOWHERE)
                && fields[1].equals("00")
                && (HexFormat.fromHexDigits(fields[8]) & GATEWAY) != 0;
        return wanted
                ? new Route(address(HexFormat.of().parseHex(fields[4])), HexFormat.fromHexDigitsToLong(fields[5]))
                : null;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no address", e);
        }
    }
}
