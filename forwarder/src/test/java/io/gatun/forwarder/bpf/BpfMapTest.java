package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.util.Set;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

@Root.Needed
class BpfMapTest {
    private final Libc libc = Libc.system();

    @Test
    void aHashKeepsWhatItIsGivenUntilItIsDeleted() {
        try (BpfMap map = new MapSpec("t_hash", MapType.HASH, 4, 8, 4).create(libc)) {
            UnsafeBuffer found = bytes(8, 0);
            assertFalse(map.lookup(bytes(4, 1), found));
            map.update(bytes(4, 1), bytes(8, 11));
            map.update(bytes(4, 2), bytes(8, 22));
            map.update(bytes(4, 1), bytes(8, 33));
            assertTrue(map.lookup(bytes(4, 1), found));
            assertEquals(bytes(8, 33), found);
            assertEquals(Set.of(1, 2), keys(map));
            assertTrue(map.delete(bytes(4, 1)));
            assertFalse(map.delete(bytes(4, 1)));
            assertEquals(Set.of(2), keys(map));
        }
    }

    @Test
    void aFullMapSaysHowLargeItIs() {
        try (BpfMap map = new MapSpec("t_full", MapType.HASH, 4, 4, 1).create(libc)) {
            map.update(bytes(4, 1), bytes(4, 1));
            String message = assertThrows(SysException.class, () -> map.update(bytes(4, 2), bytes(4, 2)))
                    .getMessage();
            assertTrue(message.contains("map t_full is full, maxEntries=1"), message);
        }
    }

    @Test
    void anArrayHasAllItsKeysFromTheStart() {
        try (BpfMap map = new MapSpec("t_array", MapType.ARRAY, 4, 4, 3).create(libc)) {
            assertEquals(Set.of(0, 1, 2), keys(map));
            map.update(bytes(4, 2), bytes(4, 7));
            UnsafeBuffer found = bytes(4, 0);
            assertTrue(map.lookup(bytes(4, 2), found));
            assertEquals(bytes(4, 7), found);
        }
    }

    @Test
    void aPerCpuArrayShowsEachCpusCopy() {
        try (BpfMap map = new MapSpec("t_percpu", MapType.PERCPU_ARRAY, 4, 4, 1).create(libc)) {
            assertEquals(8 * BpfMap.possibleCpus(), map.valueBytes());
            UnsafeBuffer written = bytes(map.valueBytes(), 5);
            map.update(bytes(4, 0), written);
            UnsafeBuffer found = bytes(map.valueBytes(), 0);
            assertTrue(map.lookup(bytes(4, 0), found));
            assertEquals(written, found);
        }
    }

    @Test
    void aTrieFindsTheLongestPrefix() {
        try (BpfMap map = new MapSpec("t_trie", MapType.LPM_TRIE, 8, 4, 4, MapSpec.NO_PREALLOC).create(libc)) {
            map.update(prefix(8, 10, 0), bytes(4, 8));
            map.update(prefix(16, 10, 1), bytes(4, 16));
            UnsafeBuffer found = bytes(4, 0);
            assertTrue(map.lookup(prefix(32, 10, 1), found));
            assertEquals(bytes(4, 16), found);
            assertTrue(map.lookup(prefix(32, 10, 2), found));
            assertEquals(bytes(4, 8), found);
            assertFalse(map.lookup(prefix(32, 11, 1), found));
        }
    }

    private static Set<Integer> keys(BpfMap map) {
        return map.keys().stream().map(key -> key.getInt(0)).collect(Collectors.toSet());
    }

    private static UnsafeBuffer prefix(int length, int first, int second) {
        UnsafeBuffer key = bytes(8, length);
        key.putByte(4, (byte) first);
        key.putByte(5, (byte) second);
        return key;
    }

    private static UnsafeBuffer bytes(int length, int firstInt) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        buffer.putInt(0, firstInt);
        return buffer;
    }
}
