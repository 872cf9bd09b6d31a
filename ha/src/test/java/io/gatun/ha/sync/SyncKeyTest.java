package io.gatun.ha.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncKeyTest {
    @TempDir
    Path directory;

    /** Test case 3 of RFC 4231 has a key of 20 bytes; its result, cut to 16. */
    @Test
    void theSignatureIsThatOfTheRfc() {
        byte[] key = new byte[20];
        Arrays.fill(key, (byte) 0xAA);
        byte[] message = new byte[50 + SyncKey.SIGNATURE_LENGTH];
        Arrays.fill(message, 0, 50, (byte) 0xDD);
        SyncKey.of(key).sign(message, 50);
        assertEquals("773ea91e36800e46854db8ebd09181a7", HexFormat.of().formatHex(message, 50, message.length));
    }

    @Test
    void anyBitCounts() {
        SyncKey key = SyncKey.of("sixteen bytes ..".getBytes(StandardCharsets.US_ASCII));
        byte[] message = new byte[60 + SyncKey.SIGNATURE_LENGTH];
        key.sign(message, 60);
        assertTrue(key.isSigned(message, 60));
        for (int bit = 0; bit < message.length * Byte.SIZE; bit++) {
            message[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(key.isSigned(message, 60));
            message[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    @Test
    void aFileIsReadWithoutWhiteSpaceAtItsEnd() throws IOException {
        byte[] message = new byte[1 + SyncKey.SIGNATURE_LENGTH];
        SyncKey.read(file("0123456789abcdef\n")).sign(message, 1);
        assertTrue(SyncKey.read(file("0123456789abcdef")).isSigned(message, 1));
    }

    @Test
    void shortAndMissingFilesAreRefused() throws IOException {
        Path file = file("0123456789abcde \n");
        assertEquals(
                "it has 15 bytes, fewer than 16",
                assertThrows(IllegalArgumentException.class, () -> SyncKey.read(file))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> SyncKey.read(directory.resolve("none")));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("key"), text);
    }
}
