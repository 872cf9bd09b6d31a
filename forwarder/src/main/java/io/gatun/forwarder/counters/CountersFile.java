package io.gatun.forwarder.counters;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * The mapped file {@code counters} of the run directory: a 64-byte header (magic, metadata length, values length; ints,
 * native order), Agrona's counters metadata, then its values. Made anew at each start.
 */
public final class CountersFile implements AutoCloseable {
    private static final int MAGIC = 0x4741_5431;
    private static final int HEADER_LENGTH = 64;
    private static final int COUNTERS_MAX = 2048;
    private static final int VALUES_LENGTH = COUNTERS_MAX * CountersReader.COUNTER_LENGTH;
    private static final int METADATA_LENGTH = COUNTERS_MAX * CountersReader.METADATA_LENGTH;

    private final MappedByteBuffer mapping;
    private final CountersManager manager;

    private CountersFile(MappedByteBuffer mapping) {
        this.mapping = mapping;
        UnsafeBuffer buffer = new UnsafeBuffer(mapping);
        buffer.putInt(4, METADATA_LENGTH);
        buffer.putInt(8, VALUES_LENGTH);
        this.manager = new CountersManager(
                new UnsafeBuffer(mapping, HEADER_LENGTH, METADATA_LENGTH),
                new UnsafeBuffer(mapping, HEADER_LENGTH + METADATA_LENGTH, VALUES_LENGTH),
                StandardCharsets.US_ASCII);
        buffer.putIntRelease(0, MAGIC);
    }

    /** Makes the file, replacing an earlier one atomically so that its readers keep what they have mapped. */
    public static CountersFile create(Path runDirectory) {
        Path file = runDirectory.resolve("counters");
        Path fresh = runDirectory.resolve("counters.new");
        try {
            Files.deleteIfExists(fresh);
            MappedByteBuffer mapping = map(fresh, "rw", HEADER_LENGTH + METADATA_LENGTH + VALUES_LENGTH);
            CountersFile counters = new CountersFile(mapping);
            Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return counters;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be made, check the directory and its space", e);
        }
    }

    /** Where agents allocate their counters. Not thread-safe: allocate from one thread. */
    public CountersManager manager() {
        return manager;
    }

    /** Label to value, sorted by label, as they are now. */
    public Map<String, Long> values() {
        return values(manager);
    }

    /** Reads the file of a running or dead process. */
    public static Map<String, Long> read(Path runDirectory) {
        Path file = runDirectory.resolve("counters");
        MappedByteBuffer mapping = null;
        try {
            mapping = map(file, "r", Files.size(file));
            UnsafeBuffer buffer = new UnsafeBuffer(mapping);
            int metadataLength = buffer.getInt(4);
            int valuesLength = buffer.getInt(8);
            if (buffer.getIntAcquire(0) != MAGIC
                    || metadataLength < 0
                    || valuesLength < 0
                    || (long) HEADER_LENGTH + metadataLength + valuesLength > buffer.capacity()) {
                throw new IOException(file + " is no counters file of this version of Gatun");
            }
            return values(new CountersReader(
                    new UnsafeBuffer(mapping, HEADER_LENGTH, metadataLength),
                    new UnsafeBuffer(mapping, HEADER_LENGTH + metadataLength, valuesLength),
                    StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + " is not there, name the --run-dir of a Gatun that has run", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } finally {
            BufferUtil.free(mapping);
        }
    }

    private static Map<String, Long> values(CountersReader reader) {
        Map<String, Long> values = new TreeMap<>();
        reader.forEach((id, label) -> values.put(label, reader.getCounterValue(id)));
        return values;
    }

    private static MappedByteBuffer map(Path file, String mode, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), mode);
                FileChannel channel = access.getChannel()) {
            if (length < HEADER_LENGTH || length > Integer.MAX_VALUE) {
                throw new IOException(file + " has " + length + " bytes, which no counters file has");
            }
            return channel.map(
                    "rw".equals(mode) ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY, 0, length);
        }
    }

    @Override
    public void close() {
        BufferUtil.free(mapping);
    }
}
