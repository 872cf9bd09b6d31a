package io.gatun.api.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Frames;
import io.gatun.api.testkit.Pcapng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapngFileTest {
    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.000000089Z");

    @TempDir
    Path directory;

    @Test
    void packetsComeBackWithTimePortAndComment() throws IOException {
        Path file = directory.resolve("a.pcapng");
        byte[] odd = Frames.hex("020000000001 020000000002 88cc 01");
        try (PcapngFile pcapng = PcapngFile.create(file)) {
            pcapng.write(TIME, "eth0/0", Frames.syn(), 54, "steering  a VIP\nverdict   forward");
            pcapng.write(TIME.plusNanos(1), "eth0/1", odd, 9000, "ü");
            pcapng.write(TIME.plusSeconds(1), "eth0/0", odd, 15, "");
        }
        List<Pcapng.Packet> packets = Pcapng.read(file);
        assertEquals(3, packets.size());
        assertEquals("eth0/0", packets.get(0).port());
        assertEquals("eth0/1", packets.get(1).port());
        assertEquals("eth0/0", packets.get(2).port());
        assertEquals(Frames.TIME_NS, packets.get(0).timeNs());
        assertEquals(Frames.TIME_NS + 1, packets.get(1).timeNs());
        assertEquals("steering  a VIP\nverdict   forward", packets.get(0).comment());
        assertEquals("ü", packets.get(1).comment());
        assertArrayEquals(Frames.syn(), packets.get(0).frame());
        assertArrayEquals(odd, packets.get(1).frame());
        assertEquals(9000, packets.get(1).length());
    }

    @Test
    void commentThatIsTooLongForItsFieldIsCut() throws IOException {
        Path file = directory.resolve("b.pcapng");
        try (PcapngFile pcapng = PcapngFile.create(file)) {
            pcapng.write(TIME, "eth0/0", Frames.syn(), 54, "x".repeat(70_000));
            pcapng.write(TIME, "eth0/0", Frames.syn(), 54, "next");
        }
        List<Pcapng.Packet> packets = Pcapng.read(file);
        assertEquals(65_532, packets.get(0).comment().length());
        assertEquals("next", packets.get(1).comment());
    }

    @Test
    void tcpdumpReadsIt() throws Exception {
        Path file = directory.resolve("c.pcapng");
        try (PcapngFile pcapng = PcapngFile.create(file)) {
            pcapng.write(TIME, "eth0/0", Frames.syn(), 54, "verdict   forward");
            pcapng.write(TIME, "eth0/1", Frames.syn(), 54, "verdict   drop (no-service)");
        }
        String text = tcpdump(file);
        assertTrue(text.contains("05:06:07.000000089 IP 10.0.0.7.51000 > 192.168.80.200.80: Flags [S]"), text);
        assertEquals(2, text.lines().filter(line -> line.contains("Flags [S]")).count(), text);
    }

    private static String tcpdump(Path file) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(
                            "tcpdump", "-n", "--nano", "--time-stamp-precision=nano", "-r", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("tcpdump is not installed: " + e.getMessage());
            throw e;
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text + Files.size(file));
        return text;
    }
}
