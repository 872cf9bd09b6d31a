package io.gatun.api.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes packets as pcapng (draft-ietf-opsawg-pcapng): one section, an interface for each name, a comment for each
 * packet, times in nanoseconds.
 *
 * <pre>
 *   +------------+--------------+---- ... ----+--------------+
 *   | block type | total length |    body     | total length |    all of 32 bits, body padded to 32 bits
 *   +------------+--------------+---- ... ----+--------------+
 * </pre>
 */
public final class PcapngFile implements AutoCloseable {
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int VERSION_MAJOR = 1;
    private static final int VERSION_MINOR = 0;
    private static final long LENGTH_UNKNOWN = -1;
    /** LINKTYPE_ETHERNET. */
    private static final int LINK_TYPE = 1;

    private static final int OPTION_END = 0;
    private static final int OPTION_COMMENT = 1;
    private static final int OPTION_APPLICATION = 4;
    private static final int OPTION_INTERFACE_NAME = 2;
    private static final int OPTION_TIME_RESOLUTION = 9;
    /** Powers of ten, negated: nanoseconds. */
    private static final byte RESOLUTION = 9;

    private static final int OPTION_MAX_BYTES = 65_532;
    private static final int WORD = 4;
    private static final long NANOS = 1_000_000_000L;

    private final OutputStream out;
    private final Map<String, Integer> interfaces = new LinkedHashMap<>();

    private PcapngFile(OutputStream out) {
        this.out = out;
    }

    /** Makes the file, in place of one that is there. */
    public static PcapngFile create(Path file) throws IOException {
        PcapngFile pcapng = new PcapngFile(Files.newOutputStream(file));
        try {
            pcapng.section();
        } catch (IOException e) {
            pcapng.close();
            throw e;
        }
        return pcapng;
    }

    /**
     * Adds a packet; it is in the file when this returns.
     *
     * @param time of its arrival
     * @param interfaceName where it arrived
     * @param frame its first bytes, from the Ethernet header on
     * @param length bytes of the whole frame
     * @param comment may have several lines
     */
    public void write(Instant time, String interfaceName, byte[] frame, int length, String comment) throws IOException {
        Integer known = interfaces.get(interfaceName);
        int id = known == null ? describe(interfaceName) : known;
        long timeNs = time.getEpochSecond() * NANOS + time.getNano();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(body, words(id, (int) (timeNs >>> 32), (int) timeNs, frame.length, Math.max(length, frame.length)));
        putPadded(body, frame);
        option(body, OPTION_COMMENT, comment.getBytes(StandardCharsets.UTF_8));
        end(body);
        block(ENHANCED_PACKET, body);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void section() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(
                body,
                buffer(16)
                        .putInt(BYTE_ORDER_MAGIC)
                        .putShort((short) VERSION_MAJOR)
                        .putShort((short) VERSION_MINOR)
                        .putLong(LENGTH_UNKNOWN));
        option(body, OPTION_APPLICATION, "gatun".getBytes(StandardCharsets.UTF_8));
        end(body);
        block(SECTION_HEADER, body);
    }

    private int describe(String name) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        // A snapshot length of 0 is no limit.
        put(body, buffer(8).putShort((short) LINK_TYPE).putShort((short) 0).putInt(0));
        option(body, OPTION_INTERFACE_NAME, name.getBytes(StandardCharsets.UTF_8));
        option(body, OPTION_TIME_RESOLUTION, new byte[] {RESOLUTION});
        end(body);
        block(INTERFACE_DESCRIPTION, body);
        int id = interfaces.size();
        interfaces.put(name, id);
        return id;
    }

    private void block(int type, ByteArrayOutputStream body) throws IOException {
        int length = body.size() + 3 * WORD;
        ByteArrayOutputStream block = new ByteArrayOutputStream(length);
        put(block, words(type, length));
        body.writeTo(block);
        put(block, words(length));
        block.writeTo(out);
        out.flush();
    }

    private static void option(ByteArrayOutputStream body, int code, byte[] value) {
        byte[] kept = value.length <= OPTION_MAX_BYTES ? value : Arrays.copyOf(value, OPTION_MAX_BYTES);
        put(body, buffer(WORD).putShort((short) code).putShort((short) kept.length));
        putPadded(body, kept);
    }

    private static void end(ByteArrayOutputStream body) {
        put(body, words(OPTION_END));
    }

    private static void putPadded(ByteArrayOutputStream body, byte[] bytes) {
        body.writeBytes(bytes);
        body.writeBytes(new byte[-bytes.length & WORD - 1]);
    }

    private static void put(ByteArrayOutputStream body, ByteBuffer bytes) {
        byte[] written = new byte[bytes.flip().remaining()];
        bytes.get(written);
        body.writeBytes(written);
    }

    private static ByteBuffer words(int... words) {
        ByteBuffer bytes = buffer(words.length * WORD);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes;
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
