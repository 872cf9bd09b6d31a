package io.gatun.ha.incident;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.vrrp.Detection;
import io.gatun.ha.vrrp.Takeover;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentRecorderTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final FakeMeter meter = new FakeMeter();

    @Test
    void aTakeoverIsOnRecordWithItsAnnouncementAndItsFirstPacket(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("takeover.jfr");
        try (IncidentRecorder recorder = new IncidentRecorder(meter, 0);
                Recording recording = new Recording()) {
            recording.enable("gatun.Takeover");
            recording.start();
            recorder.begin(false, takeover(Detection.SILENCE));
            meter.announced = 1;
            meter.forwarded = 1;
            long startNs = System.nanoTime();
            while (only(recorder).firstPacketNs().isEmpty()) {
                assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "no packet is seen");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            recorder.end(false);
            assertTrue(only(recorder).complete());
            assertEquals(1, recorder.incidents().outages().snapshot().count());
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertEquals(1, events.size());
        assertEquals("silence", events.getFirst().getString("detectedBy"));
    }

    @Test
    void theLastAreKeptAndAllAreInTheHistogram() {
        Incidents incidents = new Incidents();
        for (int i = 1; i <= Incidents.KEPT + 1; i++) {
            Observation observation = new Observation(i, Instant.EPOCH, false, takeover(Detection.SILENCE), meter, 0);
            incidents.put(observation.incident());
            meter.announced = i;
            incidents.put(observation.look(observation.atNs() + TimeUnit.MILLISECONDS.toNanos(60), true));
        }
        assertEquals(Incidents.KEPT, incidents.all().size());
        assertEquals(2, incidents.all().getFirst().number());
        OutageHistogram.Snapshot outages = incidents.outages().snapshot();
        assertEquals(Incidents.KEPT + 1, outages.count());
        assertEquals(0, count(outages, "0.25"));
        assertEquals(Incidents.KEPT + 1, count(outages, "0.5"));
        assertEquals(Incidents.KEPT + 1, count(outages, "+Inf"));
        assertEquals(0.36 * (Incidents.KEPT + 1), outages.sumS(), 1e-6);
    }

    private static long count(OutageHistogram.Snapshot outages, String le) {
        return outages.buckets().stream()
                .filter(bucket -> bucket.le().equals(le))
                .findFirst()
                .orElseThrow()
                .count();
    }

    private static Incident only(IncidentRecorder recorder) {
        assertEquals(1, recorder.incidents().all().size());
        return recorder.incidents().all().getFirst();
    }

    private static Takeover takeover(Detection detection) {
        return new Takeover(detection, TimeUnit.MILLISECONDS.toNanos(300), 0, System.nanoTime());
    }
}
