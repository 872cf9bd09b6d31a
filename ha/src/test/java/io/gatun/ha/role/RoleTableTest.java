package io.gatun.ha.role;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTableTest {
    private static final InetAddress WEB = InetAddress.ofLiteral("192.168.80.200");
    private static final InetAddress DNS = InetAddress.ofLiteral("192.168.80.201");
    private static final String FIRST = "llb-inst0";
    private static final String SECOND = "llb-inst1";

    private final List<String> told = new ArrayList<>();
    private final RoleTable table = new RoleTable(List.of(new Recorder(told, "")));

    @Test
    void aLoneNodeIsMasterOfEverythingAtOnce() {
        table.vips(Map.of(WEB, FIRST));
        assertEquals(List.of("master 192.168.80.200"), takeTold());
    }

    @Test
    void aRoleSetBeforeTheVipsApplies() {
        table.prefer(FIRST, Role.BACKUP);
        assertEquals(List.of(), takeTold());
        table.vips(Map.of(WEB, FIRST));
        assertEquals(List.of("backup 192.168.80.200"), takeTold());
    }

    @Test
    void aRepeatedMasterIsPassedOn() {
        table.vips(Map.of(WEB, FIRST));
        table.prefer(FIRST, Role.MASTER);
        table.prefer(FIRST, Role.MASTER);
        assertEquals(List.of("master 192.168.80.200", "master 192.168.80.200", "master 192.168.80.200"), takeTold());
    }

    @Test
    void theSameVipsAgainAreNoNews() {
        table.vips(Map.of(WEB, FIRST));
        takeTold();
        table.vips(Map.of(WEB, FIRST));
        assertEquals(List.of(), takeTold());
    }

    @Test
    void aPeerProtocolDecidesForAllVipsOfAFamily() {
        RoleTable elected = RoleTable.elected(List.of(new Recorder(told, "")));
        InetAddress ipv6 = InetAddress.ofLiteral("2001:db8:80::c8");
        elected.vips(Map.of(WEB, FIRST));
        elected.elect(false, true);
        elected.vips(Map.of(WEB, FIRST, ipv6, SECOND));
        assertEquals(
                List.of("backup 192.168.80.200", "master 192.168.80.200", "backup 2001:db8:80:0:0:0:0:c8"), takeTold());
        assertEquals(Role.MASTER, elected.role(FIRST));
        assertEquals(Role.BACKUP, elected.role(SECOND));
        elected.elect(false, false);
        assertEquals(List.of("backup 192.168.80.200"), takeTold());
        assertEquals(Role.BACKUP, elected.role(FIRST));
    }

    @Test
    void underAPeerProtocolTheControllersWordIsAPreferenceOnly() {
        RoleTable elected = RoleTable.elected(List.of(new Recorder(told, "")));
        elected.vips(Map.of(WEB, FIRST, DNS, SECOND));
        assertEquals(Role.NOT_DEFINED, elected.preference());
        elected.prefer("llb-inst9", Role.FAULT); // no VIP follows it
        elected.prefer(FIRST, Role.BACKUP);
        assertEquals(Role.BACKUP, elected.preference());
        elected.prefer(SECOND, Role.MASTER);
        assertEquals(Role.MASTER, elected.preference());
        assertEquals(Role.BACKUP, elected.role(SECOND));
        elected.prefer(FIRST, Role.STOP);
        assertEquals(Role.STOP, elected.preference());
        assertEquals(Role.STOP, elected.role(FIRST));
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP", "FAULT", "STOP"})
    void anyOtherWordOfTheControllerSilencesAndTakingItBackServes(Role silent) {
        table.vips(Map.of(WEB, FIRST));
        table.prefer(FIRST, silent);
        table.prefer(FIRST, Role.NOT_DEFINED);
        assertEquals(List.of("master 192.168.80.200", "backup 192.168.80.200", "master 192.168.80.200"), takeTold());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ACTIVE", "MASTER ", "0"})
    void anUnknownStateIsNone(String state) {
        assertEquals(Optional.empty(), Role.of(state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MASTER", "master", "Master"})
    void statesAreReadInAnyCase(String state) {
        assertEquals(Optional.of(Role.MASTER), Role.of(state));
    }

    @Test
    void instancesAreIndependent() {
        table.vips(Map.of(WEB, FIRST));
        table.vips(Map.of(WEB, FIRST, DNS, SECOND));
        takeTold();
        table.prefer(FIRST, Role.BACKUP);
        table.prefer(SECOND, Role.MASTER);
        assertEquals(List.of("backup 192.168.80.200", "master 192.168.80.201"), takeTold());
    }

    @Test
    void aVipThatIsGoneIsReleased() {
        table.vips(Map.of(WEB, FIRST));
        takeTold();
        table.vips(Map.of());
        assertEquals(List.of("released 192.168.80.200"), takeTold());
        table.prefer(FIRST, Role.MASTER);
        assertEquals(List.of(), takeTold());
    }

    @Test
    void aVipThatMovesToAnotherInstanceTakesItsRole() {
        table.prefer(SECOND, Role.BACKUP);
        table.vips(Map.of(WEB, FIRST));
        table.vips(Map.of(WEB, SECOND));
        assertEquals(List.of("master 192.168.80.200", "backup 192.168.80.200"), takeTold());
    }

    @Test
    void whatChangesTogetherIsToldTogether() {
        List<Set<InetAddress>> calls = new ArrayList<>();
        RoleTable elected = RoleTable.elected(List.of(new RoleListener() {
            @Override
            public void onMaster(Set<InetAddress> vips) {
                calls.add(vips);
            }

            @Override
            public void onBackup(Set<InetAddress> vips) {
                calls.add(vips);
            }

            @Override
            public void onReleased(Set<InetAddress> vips) {
                calls.add(vips);
            }
        }));
        elected.vips(Map.of(WEB, FIRST, DNS, SECOND));
        elected.elect(false, true);
        elected.vips(Map.of());
        Set<InetAddress> both = Set.of(WEB, DNS);
        assertEquals(List.of(both, both, both), calls);
    }

    @Test
    void listenersAreToldInTheirOrder() {
        List<String> order = new ArrayList<>();
        RoleTable ordered =
                new RoleTable(List.of(new Recorder(order, "steering: "), new Recorder(order, "announcer: ")));
        ordered.vips(Map.of(WEB, FIRST));
        assertEquals(List.of("steering: master 192.168.80.200", "announcer: master 192.168.80.200"), order);
    }

    private List<String> takeTold() {
        List<String> copy = List.copyOf(told);
        told.clear();
        return copy;
    }

    private record Recorder(List<String> told, String prefix) implements RoleListener {
        @Override
        public void onMaster(Set<InetAddress> vips) {
            vips.forEach(vip -> told.add(prefix + "master " + vip.getHostAddress()));
        }

        @Override
        public void onBackup(Set<InetAddress> vips) {
            vips.forEach(vip -> told.add(prefix + "backup " + vip.getHostAddress()));
        }

        @Override
        public void onReleased(Set<InetAddress> vips) {
            vips.forEach(vip -> told.add(prefix + "released " + vip.getHostAddress()));
        }
    }
}
