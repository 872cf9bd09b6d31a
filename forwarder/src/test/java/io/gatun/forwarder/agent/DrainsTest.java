package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.IdleResets;
import io.gatun.forwarder.pipeline.SharedFlows;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

/** Endpoints of weight 0 and their last connections, told by sweeps of the table. */
class DrainsTest {
    private static final String E1 = "192.168.80.101:8080";
    private static final int TCP = 6;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final FlowTable flows = FlowTable.inMemory(new TableLayout(1, 64));
    private final ServiceBook book = new ServiceBook();
    private final Expiry expiry = new Expiry(
            new SharedFlows(flows, new HalfOpenFlows(64, 64), new IdleResets()),
            book,
            new AtomicCounter(new UnsafeBuffer(new byte[128]), 0),
            new CurrentSettings(Settings.DEFAULT));
    private long nowNs = TimeUnit.HOURS.toNanos(1);

    @Test
    void itIsToldOnce() {
        Drains drains = new Drains();
        assertFalse(drains.endRound(3, 1, /* drains= */ true));
        assertFalse(drains.endRound(3, 0, /* drains= */ true));
        assertTrue(drains.endRound(3, 0, /* drains= */ true));
        assertFalse(drains.endRound(3, 0, /* drains= */ true), "no news");
        assertTrue(drains.isDrained(3));
    }

    @Test
    void aWeightOrAConnectionTakesItBack() {
        Drains drains = new Drains();
        drains.endRound(3, 0, /* drains= */ true);
        drains.endRound(3, 0, /* drains= */ true);
        drains.endRound(3, 1, /* drains= */ true);
        assertFalse(drains.isDrained(3));

        drains.endRound(3, 0, /* drains= */ true);
        drains.endRound(3, 0, /* drains= */ true);
        drains.endRound(3, 0, /* drains= */ false);
        assertFalse(drains.isDrained(3));
    }

    @Test
    void anEndpointIsDrainedWhenItsLastConnectionHasEnded() {
        weight(0);
        long flow = open(FlowStates.ESTABLISHED);
        sweepFor(8);
        assertFalse(drained());

        flows.remove(flow, FlowTable.tick(nowNs));
        sweepFor(8);
        assertTrue(drained());

        weight(1);
        sweepFor(4);
        assertFalse(drained());
    }

    @Test
    void aConnectionThatIsOverButNotForgottenDoesNotHoldItUp() {
        weight(0);
        open(FlowStates.FINISHED);
        sweepFor(8);

        assertTrue(drained());
    }

    @Test
    void aSynThatExpiresIsUnanswered() {
        weight(1);
        open(FlowStates.SYN_SENT);
        sweepFor(15);

        assertEquals(1, entry().signals().unanswered(0));
    }

    private void weight(int weight) {
        ServiceSpec spec = Specs.tcp(80, E1);
        ServiceSpec weighted = new ServiceSpec(
                spec.key(), "", spec.mode(), spec.selection(), 240, List.of(Specs.endpoint(E1, weight)));
        SnatChoice snat = new SnatChoice(Specs.address(Specs.VIP), new PortSpace(1_024, 65_535), /* moves= */ true);
        book.put(weighted, snat);
    }

    private long open(int state) {
        FlowDraft draft = new FlowDraft();
        draft.key(0x0A00_0001, 0xC0A8_50C8, 40_000 << 16 | 80, TCP)
                .rewrite(1, 2, 3)
                .service(entry().id(), 0)
                .tcpState(state);
        return flows.insert(draft, FlowTable.tick(nowNs));
    }

    private void sweepFor(int seconds) {
        long endNs = nowNs + TimeUnit.SECONDS.toNanos(seconds);
        while (nowNs - endNs < 0) {
            expiry.sweep(nowNs);
            nowNs += STEP_NS;
        }
    }

    private boolean drained() {
        return entry().drains().isDrained(0);
    }

    private ServiceBook.Entry entry() {
        return book.find(Specs.tcp(80, E1).key());
    }
}
