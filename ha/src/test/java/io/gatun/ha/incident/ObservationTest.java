package io.gatun.ha.incident;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.vrrp.Detection;
import io.gatun.ha.vrrp.Takeover;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private static final long START_NS = 7_000;
    private static final long ALARM_NS = TimeUnit.SECONDS.toNanos(10);

    private final FakeMeter meter = new FakeMeter();

    @Test
    void itFollowsATakeoverToItsFirstPacketAndCountsWhatWasLost() {
        meter.announced = 3;
        meter.forwarded = 100;
        meter.withoutConnection = 5;
        meter.connections = 42;
        Observation observation = observation(Detection.SILENCE, ALARM_NS);
        assertEquals(OptionalLong.empty(), look(observation, 1).announcedNs());
        meter.announced = 4;
        assertEquals(OptionalLong.of(ms(2)), look(observation, 2).announcedNs());
        meter.forwarded = 101;
        meter.withoutConnection = 7;
        look(observation, 9);
        meter.forwarded = 200;
        meter.withoutConnection = 9;
        assertFalse(look(observation, 4_000).complete());
        meter.withoutConnection = 11;

        Incident incident = look(observation, 5_001);
        assertEquals(OptionalLong.of(ms(2)), incident.announcedNs());
        assertEquals(OptionalLong.of(ms(9)), incident.firstPacketNs());
        assertEquals(OptionalLong.of(ms(302)), incident.outageNs());
        assertEquals(42, incident.inherited());
        assertEquals(4, incident.lost());
        assertTrue(incident.complete());
        assertFalse(incident.alarm());
    }

    @Test
    void noPacketInTimeIsAnAlarm() {
        Observation observation = observation(Detection.SILENCE, ALARM_NS);
        meter.announced = 1;
        assertFalse(look(observation, 9_999).complete());
        Incident incident = look(observation, 10_000);
        assertTrue(incident.alarm());
        assertTrue(incident.complete());
    }

    @Test
    void nobodyNeedSendAnythingToVipsThatNobodyHad() {
        Observation observation = observation(Detection.NOBODY, ALARM_NS);
        meter.announced = 1;
        Incident incident = look(observation, 20_000);
        assertFalse(incident.alarm());
        assertEquals(OptionalLong.empty(), incident.outageNs());
    }

    @Test
    void theSilenceOfAnOwnerThatHandedOverIsNoOutage() {
        Observation observation = observation(Detection.LEFT, 0);
        meter.announced = 1;
        assertEquals(OptionalLong.of(ms(3)), look(observation, 3).outageNs());
    }

    @Test
    void itEndsWithTheOwnership() {
        Observation observation = observation(Detection.SILENCE, 1);
        Incident incident = observation.look(START_NS + ms(5), true);
        assertTrue(incident.complete());
        assertFalse(incident.alarm());
    }

    private Observation observation(Detection detection, long alarmNs) {
        return new Observation(1, Instant.EPOCH, false, new Takeover(detection, ms(300), 0, START_NS), meter, alarmNs);
    }

    private static Incident look(Observation observation, long afterMs) {
        return observation.look(START_NS + ms(afterMs), false);
    }

    private static long ms(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
