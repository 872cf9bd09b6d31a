package io.gatun.ha.health;

import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Who is out because of what packets say: of a service never more than half of those that could be used. */
final class Ejections {
    private final Map<HealthPlan.Place, Ejection> states = new HashMap<>();

    /**
     * Takes what was counted.
     *
     * @param usable whether an endpoint could be used, as far as anything else says
     * @return whether anybody is out who was not, or the other way round
     */
    boolean on(
            List<EndpointSignals> signals,
            List<HealthPlan.Endpoint> watched,
            Predicate<HealthPlan.Endpoint> usable,
            long nowNs) {
        Set<HealthPlan.Place> before = out();
        Map<ServiceKey, List<Ejection>> services = new LinkedHashMap<>();
        Set<HealthPlan.Place> places = new HashSet<>();
        for (HealthPlan.Endpoint endpoint : watched) {
            places.add(endpoint.place());
            Ejection state = states.computeIfAbsent(endpoint.place(), unknown -> new Ejection());
            if (usable.test(endpoint)) {
                services.computeIfAbsent(endpoint.service(), unknown -> new ArrayList<>())
                        .add(state);
            }
        }
        states.keySet().retainAll(places);
        for (EndpointSignals signal : signals) {
            Ejection state = states.get(new HealthPlan.Place(signal.service(), signal.address(), signal.port()));
            if (state != null) {
                state.on(signal.failures(), signal.lastAnswer(), nowNs);
            }
        }
        services.values().forEach(endpoints -> decide(endpoints, nowNs));
        return !before.equals(out());
    }

    boolean isOut(HealthPlan.Place place) {
        Ejection state = states.get(place);
        return state != null && state.out();
    }

    /** Of one service, those that could be used. */
    private static void decide(List<Ejection> endpoints, long nowNs) {
        int room = endpoints.size() / 2;
        List<Ejection> out =
                new ArrayList<>(endpoints.stream().filter(Ejection::out).toList());
        out.sort(Comparator.comparingLong(state -> state.untilNs() - nowNs));
        while (out.size() > room) {
            out.removeFirst().admit();
        }
        int left = room - out.size();
        for (Ejection state : endpoints) {
            if (left > 0 && state.suspect()) {
                state.eject(nowNs);
                left--;
            }
        }
    }

    /** All that are out. */
    Set<HealthPlan.Place> out() {
        Set<HealthPlan.Place> out = new HashSet<>();
        states.forEach((place, state) -> {
            if (state.out()) {
                out.add(place);
            }
        });
        return out;
    }
}
