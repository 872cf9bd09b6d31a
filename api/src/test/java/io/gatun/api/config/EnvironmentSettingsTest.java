package io.gatun.api.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentSettingsTest {
    private static final Map<String, SettingShape> KNOWN =
            Map.of("advert-interval", SettingShape.ONE, "peer", SettingShape.LIST, "preempt", SettingShape.SWITCH);

    private final Problems problems = new Problems();

    @Test
    void variablesAreNamedAfterSettings() {
        assertEquals(
                Map.of(
                        "advert-interval",
                        new Setting("advert-interval", List.of("10ms"), "GATUN_ADVERT_INTERVAL"),
                        "peer",
                        new Setting("peer", List.of("192.168.80.6", "192.168.80.7"), "GATUN_PEER")),
                EnvironmentSettings.read(
                        Map.of(
                                "GATUN_ADVERT_INTERVAL", "10ms",
                                "GATUN_PEER", "192.168.80.6,192.168.80.7",
                                "GATUN_PREEMPT", "",
                                "PATH", "/bin"),
                        KNOWN,
                        problems));
        assertEquals(List.of(), problems.sentences());
    }

    @Test
    void aNearMissIsRefusedAndTheRestIsSomebodyElses() {
        EnvironmentSettings.read(
                Map.of(
                        "GATUN_PEERS", "192.168.80.6",
                        "GATUN_PREEMPT", "2",
                        "GATUN_CLIENT_PEERS", "of the client verbs",
                        "GATUN_PORT", "tcp://10.43.0.7:11111",
                        "GATUN_SERVICE_HOST", "10.43.0.7"),
                KNOWN,
                problems);
        assertEquals(
                List.of(
                        "unknown variable GATUN_PEERS, did you mean GATUN_PEER?",
                        "GATUN_PREEMPT=2, give true or false"),
                problems.sentences());
    }
}
