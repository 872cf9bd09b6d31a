package io.gatun.bench.micro;

import io.gatun.forwarder.packet.InternetChecksum;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A checksum from scratch, of small and of full segments, and the incremental update that NAT does instead. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumBenchmark {
    private static final int SEGMENT_BYTES = 1_460;
    private static final int HEADER_BYTES = 20;
    private static final long SEED = 42;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(SEGMENT_BYTES));
    private int before;
    private int after;
    private int checksum;

    /** Random bytes, the same each time. */
    @Setup
    public void setUp() {
        Random random = new Random(SEED);
        for (int i = 0; i < SEGMENT_BYTES; i++) {
            buffer.putByte(i, (byte) random.nextInt());
        }
        before = random.nextInt();
        after = random.nextInt();
        checksum = random.nextInt() & 0xFFFF;
    }

    /** An IPv4 header. */
    @Benchmark
    public int header() {
        return InternetChecksum.of(InternetChecksum.sum(buffer, 0, HEADER_BYTES));
    }

    /** A full TCP segment, as when a frame came with a partial checksum. */
    @Benchmark
    public int segment() {
        return InternetChecksum.of(InternetChecksum.sum(buffer, 0, SEGMENT_BYTES));
    }

    /** One address replaced by another. */
    @Benchmark
    public int update() {
        return InternetChecksum.update(checksum, InternetChecksum.delta(before, after));
    }
}
