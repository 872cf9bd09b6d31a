package io.gatun.ha.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTableTest {
    private final RoleTable table = new RoleTable();
    private final List<String> told = new ArrayList<>();

    RoleTableTest() {
        table.listen(new Recorder(told));
    }

    @Test
    void aLoneNodeIsMasterOfEverythingAtOnce() {
        assertEquals(Role.MASTER, table.addRule(web("192.168.80.200"), "default_web:llb-inst0"));
        assertEquals(List.of("master 192.168.80.200"), takeTold());
        assertEquals(Role.MASTER, table.role(address("192.168.80.200")));
        assertEquals(List.of(new InstanceSnapshot("llb-inst0", Role.NOT_DEFINED, Role.MASTER, "")), table.instances());
    }

    @Test
    void aRoleSetBeforeTheRulesApplies() {
        assertEquals(Role.BACKUP, table.prefer("llb-inst0", "BACKUP", "0.0.0.0"));
        assertEquals(Role.BACKUP, table.addRule(web("192.168.80.200"), "default_web:llb-inst0"));
        assertEquals(List.of("backup 192.168.80.200"), takeTold());
        assertEquals(
                List.of(new InstanceSnapshot("llb-inst0", Role.BACKUP, Role.BACKUP, "0.0.0.0")), table.instances());
    }

    @Test
    void anUnknownInstanceIsCreated() {
        assertEquals(Role.MASTER, table.prefer("zone-inst1", "MASTER", null));
        assertEquals(Role.MASTER, table.role("zone-inst1"));
        assertEquals(2, table.instances().size());
    }

    @Test
    void aRepeatedMasterIsPassedOn() {
        table.addRule(web("192.168.80.200"), null);
        table.prefer("llb-inst0", "MASTER", "");
        table.prefer("llb-inst0", "MASTER", "");
        assertEquals(List.of("master 192.168.80.200", "master 192.168.80.200", "master 192.168.80.200"), takeTold());
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP", "FAULT", "STOP"})
    void anyOtherWordOfTheControllerSilencesAndTakingItBackServes(Role silent) {
        table.addRule(web("192.168.80.200"), null);
        table.prefer("llb-inst0", silent.name(), "");
        table.prefer("llb-inst0", "not_defined", "");
        assertEquals(List.of("master 192.168.80.200", "backup 192.168.80.200", "master 192.168.80.200"), takeTold());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ACTIVE", "MASTER ", "0"})
    void anUnknownStateIsNamedAndChangesNothing(String state) {
        RejectedException e = assertThrows(RejectedException.class, () -> table.prefer("new-inst", state, ""));
        assertEquals("state=" + state + ", use MASTER, BACKUP, FAULT, STOP or NOT_DEFINED", e.getMessage());
        assertEquals(1, table.instances().size());
        assertEquals(RejectedException.Kind.INVALID, e.kind());
    }

    @Test
    void anInstanceNeedsAName() {
        RejectedException e = assertThrows(RejectedException.class, () -> table.prefer(null, "MASTER", ""));
        assertEquals("instance=null, name one, such as llb-inst0", e.getMessage());
        assertThrows(RejectedException.class, () -> table.prefer("llb-inst0", null, ""));
    }

    @Test
    void theFirstRuleFixesTheInstanceOfItsVip() {
        table.prefer("llb-inst1", "BACKUP", "");
        table.addRule(web("192.168.80.200"), "default_web:llb-inst1");
        assertEquals(Role.BACKUP, table.addRule(dns("192.168.80.200"), "default_dns:llb-inst0"));
        assertEquals(List.of("backup 192.168.80.200"), takeTold());
        table.prefer("llb-inst0", "MASTER", "");
        assertEquals(List.of(), takeTold());
        table.prefer("llb-inst1", "MASTER", "");
        assertEquals(List.of("master 192.168.80.200"), takeTold());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web", "default_web:", "default_web: ", "default_web:llb-inst0"})
    void aNameWithoutInstanceMeansTheDefaultOne(String name) {
        table.prefer("llb-inst0", "BACKUP", "");
        assertEquals(Role.BACKUP, table.addRule(web("192.168.80.200"), name));
        assertEquals(1, table.instances().size());
    }

    @Test
    void aVipIsReleasedWithItsLastRule() {
        table.addRule(web("192.168.80.200"), "a:llb-inst0");
        table.addRule(web("192.168.80.200"), "a:llb-inst0");
        table.addRule(dns("192.168.80.200"), "b:llb-inst0");
        takeTold();
        table.removeRule(web("192.168.80.200"));
        table.removeRule(web("192.168.80.200"));
        table.removeRule(web("192.168.80.201"));
        assertEquals(List.of(), takeTold());
        table.removeRule(dns("192.168.80.200"));
        assertEquals(List.of("released 192.168.80.200"), takeTold());
        assertEquals(Role.NOT_DEFINED, table.role(address("192.168.80.200")));
        table.prefer("llb-inst1", "BACKUP", "");
        assertEquals(Role.BACKUP, table.addRule(web("192.168.80.200"), "c:llb-inst1"));
    }

    @Test
    void instancesAreIndependent() {
        table.addRule(web("192.168.80.200"), "a:llb-inst0");
        table.addRule(web("192.168.80.201"), "b:llb-inst1");
        takeTold();
        table.prefer("llb-inst0", "BACKUP", "");
        table.prefer("llb-inst1", "MASTER", "");
        assertEquals(List.of("backup 192.168.80.200", "master 192.168.80.201"), takeTold());
        assertEquals(Role.NOT_DEFINED, table.role("llb-inst2"));
    }

    @Test
    void listenersAreToldInTheirOrder() {
        List<String> order = new ArrayList<>();
        RoleTable ordered = new RoleTable();
        ordered.listen(new Recorder(order, "steering: "));
        ordered.listen(new Recorder(order, "announcer: "));
        ordered.addRule(web("192.168.80.200"), null);
        assertEquals(List.of("steering: master 192.168.80.200", "announcer: master 192.168.80.200"), order);
    }

    private List<String> takeTold() {
        List<String> copy = List.copyOf(told);
        told.clear();
        return copy;
    }

    private static ServiceKey web(String vip) {
        return ServiceKey.of(address(vip), Protocol.TCP, 80);
    }

    private static ServiceKey dns(String vip) {
        return ServiceKey.of(address(vip), Protocol.UDP, 53);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private record Recorder(List<String> told, String name) implements RoleListener {
        Recorder(List<String> told) {
            this(told, "");
        }

        @Override
        public void onMaster(Set<InetAddress> vips) {
            vips.forEach(vip -> told.add(name + "master " + vip.getHostAddress()));
        }

        @Override
        public void onBackup(Set<InetAddress> vips) {
            vips.forEach(vip -> told.add(name + "backup " + vip.getHostAddress()));
        }

        @Override
        public void onReleased(InetAddress vip) {
            told.add(name + "released " + vip.getHostAddress());
        }
    }
}
