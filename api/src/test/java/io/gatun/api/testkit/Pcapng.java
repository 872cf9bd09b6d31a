package io.gatun.api.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads pcapng files, independently of what writes them: little-endian, one section. */
public final class Pcapng {
    private static final int SECTION = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;

    private Pcapng() {}

    /** A packet and its comment, which is empty when there is none. */
    @SuppressWarnings("ArrayRecordComponent") // compared piece by piece
    public record Packet(String port, long timeNs, byte[] frame, int length, String comment) {}

    public static List<Packet> read(Path path) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        List<String> ports = new ArrayList<>();
        List<Packet> packets = new ArrayList<>();
        while (file.hasRemaining()) {
            int start = file.position();
            int type = file.getInt();
            int length = file.getInt();
            check(length % 4 == 0 && file.getInt(start + length - 4) == length, "total length " + length);
            ByteBuffer body = file.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
            switch (type) {
                case SECTION -> check(body.getInt() == 0x1a2b3c4d && body.getShort() == 1, "section header");
                case INTERFACE -> {
                    check(body.getShort() == 1 && body.getShort() == 0, "link type");
                    body.getInt();
                    check(option(body.duplicate().order(ByteOrder.LITTLE_ENDIAN), 9)[0] == 9, "resolution");
                    ports.add(new String(option(body, 2), StandardCharsets.UTF_8));
                }
                case PACKET -> packets.add(packet(body, ports));
                default -> throw new AssertionError("block type " + type);
            }
            file.position(start + length);
        }
        return packets;
    }

    private static Packet packet(ByteBuffer body, List<String> ports) {
        String port = ports.get(body.getInt());
        long timeNs = (long) body.getInt() << 32 | Integer.toUnsignedLong(body.getInt());
        byte[] frame = new byte[body.getInt()];
        int length = body.getInt();
        body.get(frame);
        body.position(body.position() + (-frame.length & 3));
        return new Packet(port, timeNs, frame, length, new String(option(body, 1), StandardCharsets.UTF_8));
    }

    private static byte[] option(ByteBuffer options, int wanted) {
        while (options.remaining() >= 4) {
            int code = options.getShort();
            byte[] value = new byte[Short.toUnsignedInt(options.getShort())];
            options.get(value);
            options.position(options.position() + (-value.length & 3));
            if (code == wanted) {
                return value;
            }
        }
        return new byte[0];
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
