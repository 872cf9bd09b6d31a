package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceTablesTest {
    private static final int SEED = 11;
    private static final int VIPS = 6;
    private static final int SOURCES = 4;
    private static final int PORTS = 40;
    private static final int VIP = 0xC0A8_50C8;
    private static final int SOURCE = 0xC0A8_5005;

    private final ServiceTables tables = new ServiceTables();

    @Test
    void afterAnyChangesATableIsWhatItWouldBeIfMadeOfWhatIsThere() {
        Random random = new Random(SEED);
        Map<Integer, Service> present = new HashMap<>();
        for (int step = 0; step < 3_000; step++) {
            int port = 1 + random.nextInt(PORTS);
            if (random.nextInt(3) == 0) {
                tables.remove(port);
                present.remove(port);
            } else {
                Service service = service(
                        VIP + random.nextInt(VIPS), port, SOURCE + random.nextInt(SOURCES), random.nextBoolean());
                tables.put(port, List.of(service), null);
                present.put(port, service);
            }
            ServiceTable made = tables.table(ServiceTable.NEVER);
            ServiceTable anew = ServiceTable.of(present.values());
            for (int vip = VIP; vip < VIP + VIPS; vip++) {
                assertEquals(anew.owns(vip), made.owns(vip), "step " + step);
                assertEquals(anew.answersFor(vip), made.answersFor(vip), "step " + step);
                assertSame(anew.find(vip, port, 6), made.find(vip, port, 6), "step " + step);
            }
            for (int source = SOURCE; source < SOURCE + SOURCES; source++) {
                assertEquals(anew.owns(source), made.owns(source), "step " + step);
                assertEquals(anew.answersFor(source), made.answersFor(source), "step " + step);
            }
            assertSame(present.get(port), made.byId(port), "step " + step);
        }
    }

    @Test
    void aTableThatWasMadeStaysWhatItIs() {
        SynSignals counters = new SynSignals();
        tables.put(80, List.of(service(VIP, 80, SOURCE, /* admits= */ true)), counters);
        ServiceTable before = tables.table(ServiceTable.NEVER);

        tables.remove(80);

        assertTrue(before.owns(VIP));
        assertEquals(80, before.find(VIP, 80, 6).port());
        assertSame(counters, before.signals(80));
        ServiceTable after = tables.table(ServiceTable.NEVER);
        assertFalse(after.owns(VIP));
        assertNull(after.find(VIP, 80, 6));
        assertNull(after.signals(80));
    }

    @Test
    void tablesThatAnswerForTheSameSaySo() {
        tables.put(80, List.of(service(VIP, 80, SOURCE, /* admits= */ true)), null);
        ServiceTable before = tables.table(ServiceTable.NEVER);

        tables.put(80, List.of(service(VIP, 80, SOURCE, /* admits= */ true)), null);
        tables.put(81, List.of(service(VIP, 81, SOURCE, /* admits= */ true)), null);
        ServiceTable sameAddresses = tables.table(ServiceTable.NEVER);
        tables.put(82, List.of(service(VIP + 1, 82, SOURCE, /* admits= */ false)), null);
        ServiceTable standby = tables.table(ServiceTable.NEVER);
        tables.put(82, List.of(service(VIP + 1, 82, SOURCE, /* admits= */ true)), null);

        assertTrue(before.answersForSame(sameAddresses));
        assertTrue(before.answersForSame(standby));
        assertFalse(before.answersForSame(tables.table(ServiceTable.NEVER)));
    }

    private static Service service(int vip, int port, int source, boolean admits) {
        ServiceDraft draft = ServiceDraft.tcp(address(vip), port)
                .id(port)
                .endpoint("192.168.80.101", 8080)
                .snat(address(source), 1024, 65_535);
        return (admits ? draft : draft.standby()).build();
    }

    private static String address(int address) {
        return "192.168.80." + (address & 0xFF);
    }
}
