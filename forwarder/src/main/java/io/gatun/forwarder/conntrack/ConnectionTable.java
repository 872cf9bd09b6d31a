package io.gatun.forwarder.conntrack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The {@link FlowTable} of a run directory: one process owns it at a time, and the next one takes its flows over, also
 * after {@code kill -9}. Opened and closed by the conductor's thread.
 */
public final class ConnectionTable implements AutoCloseable {
    private final RunDirectoryLock lock;
    private final ConnectionRegions regions;
    private final FlowTable flows;
    private final OpeningReport report;
    private boolean closed;

    private ConnectionTable(RunDirectoryLock lock, ConnectionRegions regions, FlowTable flows, OpeningReport report) {
        this.lock = lock;
        this.regions = regions;
        this.flows = flows;
        this.report = report;
    }

    /**
     * Opens the table of a run directory, or makes one. A file with another layout, size or boot is set aside.
     *
     * @throws ConnectionTableException when another process owns it or there is no room for it
     */
    public static ConnectionTable open(Path runDirectory, TableLayout layout) {
        return open(runDirectory, layout, BootId.current());
    }

    /** Makes the next {@link #open} faster; leaves nothing but loaded classes. */
    public static void prepare() {
        ConnectionRegions.prepare();
    }

    static ConnectionTable open(Path runDirectory, TableLayout layout, String bootId) {
        try {
            Files.createDirectories(runDirectory);
        } catch (IOException e) {
            throw new ConnectionTableException(
                    "run-dir=" + runDirectory + " cannot be created, give --run-dir a writable directory", e);
        }
        final RunDirectoryLock lock = RunDirectoryLock.acquire(runDirectory);
        try {
            return openLocked(lock, new TableFile(runDirectory, layout, bootId));
        } catch (IOException e) {
            lock.close();
            throw new UncheckedIOException("connection table in run-dir=" + runDirectory, e);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static ConnectionTable openLocked(RunDirectoryLock lock, TableFile file) throws IOException {
        String setAside = file.setAsideUnlessUsable();
        ConnectionRegions regions = ConnectionRegions.open(file);
        String misfit = RegionHeader.misfit(regions.headers(), file.layout());
        if (misfit != null) {
            regions.close();
            setAside = file.setAside(misfit);
            regions = ConnectionRegions.open(file);
            misfit = RegionHeader.misfit(regions.headers(), file.layout());
        }
        if (misfit != null) {
            regions.close();
            throw new ConnectionTableException("connection table " + file.path() + " is unusable: " + misfit);
        }
        file.markUsable();
        final UnsafeBuffer first = regions.headers()[0];
        final Buckets buckets = new Buckets(file.layout(), regions.buckets(), new ControlMemory());
        final FlowTable flows = new FlowTable(buckets);
        final long halfInserted = new TakeOver(flows).run();
        final OpeningReport report =
                new OpeningReport(RegionHeader.nextEpoch(first), flows.liveCount(), halfInserted, setAside);
        return new ConnectionTable(lock, regions, flows, report);
    }

    /** The flows. */
    public FlowTable flows() {
        return flows;
    }

    /** What was found at opening. */
    public OpeningReport report() {
        return report;
    }

    /** Unmaps the table; the flows stay in the file. No agent may be running any more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        flows.buckets.unmap();
        regions.close();
        lock.close();
    }
}
