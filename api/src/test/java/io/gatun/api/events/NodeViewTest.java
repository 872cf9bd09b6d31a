package io.gatun.api.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.api.model.IncidentReport;
import io.gatun.api.model.NodeEvent;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.ha.incident.Incident;
import io.gatun.ha.role.Role;
import io.gatun.ha.vrrp.Detection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeViewTest {
    private static final Map<String, Role> BACKUP = Map.of("llb-inst0", Role.BACKUP);
    private static final NodeEvent.Drained DRAINED = new NodeEvent.Drained("tcp 10.0.0.1:80", "10.0.0.2:80");
    private static final NodeView QUIET = view(BACKUP, List.of(port("eth0", "xdp", "native")), List.of());

    @Test
    void nothingHasHappened() {
        assertEquals(List.of(), QUIET.since(QUIET));
    }

    @Test
    void rolesThatChange() {
        NodeView after = view(
                Map.of("llb-inst0", Role.MASTER, "llb-inst1", Role.BACKUP),
                List.of(port("eth0", "xdp", "native")),
                List.of());
        assertEquals(List.of(new NodeEvent.RoleChanged("llb-inst0", "BACKUP", "MASTER")), after.since(QUIET));
    }

    @Test
    void linksThatComeAndGo() {
        NodeView down = view(BACKUP, List.of(port("eth0", "xdp", "down")), List.of());
        assertEquals(List.of(new NodeEvent.LinkChanged("eth0", false, "xdp", "down")), down.since(QUIET));
        NodeView other = view(BACKUP, List.of(port("eth0", "raw", "tcx"), port("eth1", "xdp", "native")), List.of());
        assertEquals(
                List.of(
                        new NodeEvent.LinkChanged("eth0", true, "raw", "tcx"),
                        new NodeEvent.LinkChanged("eth1", true, "xdp", "native")),
                other.since(down));
        assertEquals(
                List.of(
                        new NodeEvent.LinkChanged("eth1", false, null, "gone"),
                        new NodeEvent.LinkChanged("eth0", true, "xdp", "native")),
                QUIET.since(other));
    }

    @Test
    void aTakeoverIsToldWhenItBeginsAndWhenItMatters() {
        Incident begun = incident(OptionalLong.empty(), 0, false, false);
        Incident announced = incident(OptionalLong.of(1_000_000), 0, false, false);
        Incident counting = incident(OptionalLong.of(1_000_000), 7, false, false);
        Incident alarmed = incident(OptionalLong.of(1_000_000), 7, true, false);
        Incident complete = incident(OptionalLong.of(1_000_000), 7, true, true);
        assertEquals(takeover(begun), with(begun).since(QUIET));
        assertEquals(takeover(announced), with(announced).since(with(begun)));
        assertEquals(List.of(), with(counting).since(with(announced)));
        assertEquals(takeover(alarmed), with(alarmed).since(with(counting)));
        assertEquals(takeover(complete), with(complete).since(with(alarmed)));
        assertEquals(List.of(), QUIET.since(with(complete)), "one that is kept no longer");
    }

    @Test
    void endpointsThatAreDrainedAndStalls() {
        NodeView ill = new NodeView(
                QUIET.roles(), QUIET.ports(), QUIET.incidents(), Set.of(DRAINED), Optional.of("the agent eth0/0"));
        assertEquals(List.of(new NodeEvent.Stalled("the agent eth0/0", false), DRAINED), ill.since(QUIET));
        assertEquals(List.of(), ill.since(ill));
        assertEquals(List.of(new NodeEvent.Stalled("the agent eth0/0", true)), QUIET.since(ill));
    }

    private static List<NodeEvent> takeover(Incident incident) {
        return List.of(new NodeEvent.TakenOver(IncidentReport.of(incident)));
    }

    private static NodeView with(Incident incident) {
        return view(BACKUP, List.of(port("eth0", "xdp", "native")), List.of(incident));
    }

    private static NodeView view(Map<String, Role> roles, List<PortSnapshot> ports, List<Incident> incidents) {
        return NodeView.of(roles, ports, incidents, Set.of(), Optional.empty());
    }

    private static PortSnapshot port(String name, String engine, String mode) {
        return new PortSnapshot(name, 2, "02:00:00:00:00:01", 1500, engine, "asked for", mode, 1);
    }

    private static Incident incident(OptionalLong announcedNs, long lost, boolean alarm, boolean complete) {
        return new Incident(
                1,
                Instant.EPOCH,
                false,
                Detection.SILENCE,
                300_000_000,
                0,
                announcedNs,
                OptionalLong.empty(),
                10,
                lost,
                alarm,
                complete);
    }
}
