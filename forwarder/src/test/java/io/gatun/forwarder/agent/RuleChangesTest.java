package io.gatun.forwarder.agent;

import static io.gatun.forwarder.packet.Packets.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.pipeline.Lan;
import io.gatun.forwarder.pipeline.PipelineRig;
import io.gatun.forwarder.pipeline.ServiceTable;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Two hundred thousand changes of rules on one thread, in an order that follows from a seed, while another one opens
 * connections. The endpoints of a rule are of a network of its own, so a packet tells whose endpoint it went to.
 */
class RuleChangesTest {
    private static final int CHANGES = 200_000;
    private static final int RULES = 16;
    private static final int ENDPOINTS = 12;
    private static final long SEED = 20_261_126;
    private static final Selection[] SELECTIONS = {
        Selection.ROUND_ROBIN, Selection.PRIORITY, Selection.LEAST_CONNECTIONS, Selection.ROUND_ROBIN, Selection.HASH
    };

    private static final SnatChoice SOURCE =
            new SnatChoice(Specs.address(Lan.VIP), new PortSpace(1_024, 65_535), /* moves= */ true);

    private final ServiceBook book = new ServiceBook();
    private final PipelineRig rig = new PipelineRig(new TableLayout(1, 256), 512);
    private final EndpointPlacement placement = Specs.placement();
    private final Random random = new Random(SEED);
    private final AtomicBoolean changing = new AtomicBoolean(true);
    private final AtomicLong forwarded = new AtomicLong();
    private int clock;

    @Test
    void noPacketGoesToAnEndpointThatItsRuleNeverHad() {
        CompletableFuture<Void> traffic = CompletableFuture.runAsync(this::openConnections);
        for (int change = 0; change < CHANGES && !traffic.isDone(); change++) {
            change();
            rig.services(book.table(placement, Set.of(), ServiceTable.NEVER));
        }
        changing.set(false);
        traffic.join();

        assertTrue(forwarded.get() > RULES, "forwarded " + forwarded);
        rig.port().assertConserved();
        assertTrue(book.entries().size() <= RULES);
        while (!book.entries().isEmpty()) {
            remove(book.entries().iterator().next().spec().key());
        }
        assertEquals(0, rig.flows().liveCount(), "connections of rules that are gone");
    }

    private void change() {
        int rule = random.nextInt(RULES);
        ServiceKey key = ServiceKey.of(Specs.address(Lan.VIP), Protocol.TCP, 1_000 + rule);
        if (random.nextInt(8) == 0) {
            remove(key);
            return;
        }
        Set<EndpointSpec> endpoints = new HashSet<>();
        for (int i = random.nextInt(ENDPOINTS); i >= 0; i--) {
            int host = 1 + random.nextInt(ENDPOINTS);
            endpoints.add(new EndpointSpec(Specs.address("10.200." + rule + "." + host), 8_080, 1 + host % 3));
        }
        Selection selection = SELECTIONS[random.nextInt(100) == 0 ? 4 : random.nextInt(4)];
        ServiceSpec spec = new ServiceSpec(key, "", NatMode.ONE_ARM, selection, 240, List.copyOf(endpoints));
        List<Integer> gone = book.put(spec, SOURCE);
        int id = book.find(key).id();
        rig.flows().removeIf(id, flow -> gone.contains(flow.endpointIndex()), tick());
    }

    private void remove(ServiceKey key) {
        ServiceBook.Entry entry = book.remove(key);
        if (entry != null) {
            rig.services(book.table(placement, Set.of(), ServiceTable.NEVER));
            rig.flows().removeIf(entry.id(), flow -> true, tick());
        }
    }

    /** Time passes, so that slots of removed connections are used again. */
    private int tick() {
        return FlowTable.tick(rig.nowNs()) + clock++;
    }

    private void openConnections() {
        Random clients = new Random(SEED);
        while (changing.get()) {
            int rule = clients.nextInt(RULES);
            int port = 1_024 + clients.nextInt(60_000);
            for (WireFrame frame : rig.receive(tcp(Lan.CLIENT, port, Lan.VIP, 1_000 + rule))) {
                if (frame.sourcePort() == 1_000 + rule) {
                    continue; // refused with RST: the rule is not there now
                }
                assertEquals(rule, frame.destination() >>> 8 & 0xFF, "network of the endpoint");
                assertEquals(0x0AC8, frame.destination() >>> 16);
                forwarded.incrementAndGet();
            }
        }
    }
}
