package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.Offload;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Bytes that become batches of frames: no exception, no lost frame, exact counters, and no entry of the table without a
 * flow. {@link PipelineCorpusTest} replays the inputs kept in {@code src/test/resources}; Jazzer looks for new ones, here for
 * an hour, and writes into {@code target/fuzz}; what breaks something is a file {@code crash-*} there:
 *
 * <pre>
 * ./mvnw -Pfuzz -pl forwarder -am test -DskipTests -Dfuzz.seconds=3600
 * </pre>
 *
 * <p>Jazzer's own JUnit engine (0.30.0) does not fuzz under JUnit 6, and even when it only replays, its agent instruments all
 * classes that are loaded after it; so it runs by itself.
 *
 * <p>Each frame has three bytes before it: what is left to the device and whether the batch and half a second end here,
 * then its length.
 */
public final class PipelineFuzz {
    private static final int OFFLOAD = 0x07;
    private static final int END_OF_BATCH = 0x40;
    private static final int WAIT = 0x80;
    private static final int LENGTH_BITS = 0x7FF;

    private PipelineFuzz() {}

    /** One input; the name is Jazzer's. */
    public static void fuzzerTestOneInput(byte[] input) {
        PipelineRig rig = Garbage.rig(new TableLayout(1, 16), 2 * FrameBatch.CAPACITY);
        int waiting = 0;
        for (int at = 0; at + 3 < input.length && rig.port().held() < FrameBatch.CAPACITY; ) {
            int control = input[at];
            int wanted = ((input[at + 1] & 0xFF) << 8 | (input[at + 2] & 0xFF)) & LENGTH_BITS;
            int length = Math.min(Math.min(wanted, Garbage.FRAME_MAX), input.length - at - 3);
            at += 3;
            rig.port().inject(Arrays.copyOfRange(input, at, at + length), length, offload(control));
            at += length;
            waiting++;
            if ((control & END_OF_BATCH) != 0 || waiting == FrameBatch.CAPACITY) {
                rig.cycle();
                waiting = 0;
            }
            if ((control & WAIT) != 0) {
                rig.advance(500, TimeUnit.MILLISECONDS);
            }
        }
        rig.cycle();
        Garbage.assertBalanced(rig);
    }

    private static int offload(int control) {
        return switch (control & OFFLOAD) {
            case 1 -> Offload.PARTIAL;
            case 2 -> Offload.of(/* partial= */ true, Offload.GSO_TCPV4, 100);
            case 3 -> Offload.of(/* partial= */ true, Offload.GSO_TCPV6, 1_400);
            case 4 -> Offload.of(/* partial= */ true, Offload.GSO_UDP_L4, 1);
            case 5 -> Offload.of(/* partial= */ false, Offload.GSO_UDP_L4, 65_535);
            default -> Offload.NONE;
        };
    }
}
