package io.gatun.api.events;

import io.gatun.api.model.IncidentReport;
import io.gatun.api.model.NodeEvent;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.ha.incident.Incident;
import io.gatun.ha.role.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What can be seen of a node at a moment; the differences of two are events.
 *
 * @param roles of instances, in force
 * @param ports interfaces by name
 * @param incidents by number
 * @param drained endpoints of weight 0 without connections
 * @param stalled what stands still
 */
record NodeView(
        Map<String, Role> roles,
        Map<String, PortSnapshot> ports,
        Map<Long, Incident> incidents,
        Set<NodeEvent.Drained> drained,
        Optional<String> stalled) {
    static NodeView of(
            Map<String, Role> roles,
            List<PortSnapshot> ports,
            List<Incident> incidents,
            Set<NodeEvent.Drained> drained,
            Optional<String> stalled) {
        return new NodeView(
                roles, index(ports, PortSnapshot::name), index(incidents, Incident::number), drained, stalled);
    }

    private static <K extends Comparable<K>, V> Map<K, V> index(List<V> values, Function<V, K> key) {
        return values.stream().collect(Collectors.toMap(key, value -> value, (one, other) -> other, TreeMap::new));
    }

    /** What has happened since an earlier moment. */
    List<NodeEvent> since(NodeView before) {
        List<NodeEvent> events = new ArrayList<>();
        if (stalled.isPresent() && before.stalled.isEmpty()) {
            events.add(new NodeEvent.Stalled(stalled.get(), false));
        } else if (stalled.isEmpty() && before.stalled.isPresent()) {
            events.add(new NodeEvent.Stalled(before.stalled.get(), true));
        }
        links(before, events);
        roles.forEach((instance, role) -> {
            Role was = before.roles.get(instance);
            if (was != null && was != role) {
                events.add(new NodeEvent.RoleChanged(instance, was.name(), role.name()));
            }
        });
        incidents.forEach((number, incident) -> {
            if (isNews(before.incidents.get(number), incident)) {
                events.add(new NodeEvent.TakenOver(IncidentReport.of(incident)));
            }
        });
        drained.stream().filter(each -> !before.drained.contains(each)).forEach(events::add);
        return events;
    }

    /** Little by little it is known what a takeover was like; not each step is worth an event. */
    private static boolean isNews(Incident before, Incident now) {
        return before == null
                || (now.alarm() && !before.alarm())
                || (now.complete() && !before.complete())
                || (now.outageNs().isPresent() && before.outageNs().isEmpty());
    }

    private void links(NodeView before, List<NodeEvent> events) {
        before.ports.forEach((name, port) -> {
            if (!ports.containsKey(name)) {
                events.add(new NodeEvent.LinkChanged(name, false, null, "gone"));
            }
        });
        ports.forEach((name, port) -> {
            PortSnapshot was = before.ports.get(name);
            if (was == null
                    || !Objects.equals(was.mode(), port.mode())
                    || !Objects.equals(was.engine(), port.engine())) {
                events.add(new NodeEvent.LinkChanged(name, isUp(port), port.engine(), port.mode()));
            }
        });
    }

    private static boolean isUp(PortSnapshot port) {
        return !port.mode().equals("down") && !port.mode().equals("detached");
    }
}
