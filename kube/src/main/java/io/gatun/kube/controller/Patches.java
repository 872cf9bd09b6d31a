package io.gatun.kube.controller;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gatun.kube.desired.Attached;
import io.gatun.kube.desired.Holding;
import io.gatun.kube.desired.HostName;
import io.gatun.kube.desired.Kube;
import io.gatun.kube.desired.ServicePlan;
import io.gatun.kube.ipam.Grant;
import io.gatun.kube.model.IpAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The difference between a Service as it is and as it is to be.
 *
 * @param finalizer ours
 * @param zone first part of names
 * @param hostNames whether the status has names instead of addresses
 */
record Patches(String finalizer, String zone, boolean hostNames) {
    static final String CONDITION = "gatun.io/AddressAllocated";
    private static final String VIP = "VIP";

    /**
     * Finalizer, and what it holds.
     *
     * @param attached endpoints that others must not be blamed for; empty where there are no others
     */
    String metadata(ServicePlan plan, String attached) {
        Service service = plan.service();
        List<Operation> operations = new ArrayList<>();
        List<String> finalizers = Kube.list(service.getMetadata().getFinalizers());
        if (!finalizers.contains(finalizer)) {
            List<String> more = new ArrayList<>(finalizers);
            more.add(finalizer);
            operations.add(Operation.add("/metadata/finalizers", more));
        }
        boolean none = plan.addresses().isEmpty();
        annotate(
                service,
                operations,
                none ? null : text(plan.addresses()),
                none ? null : text(plan.ports().stream().sorted().toList()),
                attached.isEmpty() ? null : attached);
        return patch(service, operations);
    }

    /** Takes off all that is ours. */
    String release(Service service) {
        List<Operation> operations = new ArrayList<>();
        operations.add(Operation.add(
                "/metadata/finalizers",
                Kube.list(service.getMetadata().getFinalizers()).stream()
                        .filter(each -> !each.equals(finalizer))
                        .toList()));
        annotate(service, operations, null, null, null);
        return patch(service, operations);
    }

    private static void annotate(
            Service service, List<Operation> operations, String addresses, String ports, String attached) {
        Map<String, String> before = Kube.annotations(service);
        Map<String, String> after = new TreeMap<>(before);
        set(after, Holding.ADDRESSES, addresses);
        set(after, Holding.PORTS, ports);
        set(after, Attached.ANNOTATION, attached);
        if (before.isEmpty() && !after.isEmpty()) {
            operations.add(Operation.add("/metadata/annotations", after));
            return;
        }
        for (String name : List.of(Holding.ADDRESSES, Holding.PORTS, Attached.ANNOTATION)) {
            String path = "/metadata/annotations/" + name.replace("/", "~1");
            if (after.containsKey(name) && !after.get(name).equals(before.get(name))) {
                operations.add(Operation.add(path, after.get(name)));
            } else if (!after.containsKey(name) && before.containsKey(name)) {
                operations.add(new Operation("remove", path, null));
            }
        }
    }

    private static void set(Map<String, String> annotations, String name, String value) {
        if (value == null) {
            annotations.remove(name);
        } else {
            annotations.put(name, value);
        }
    }

    /** The addresses that users see, and the condition. */
    String status(ServicePlan plan) {
        Service service = plan.service();
        Map<String, Object> status = new LinkedHashMap<>();
        List<Map<String, String>> wanted = plan.released()
                ? List.of()
                : plan.addresses().stream()
                        .filter(address -> !plan.secondary().contains(address))
                        .map(this::shown)
                        .toList();
        if (!wanted.equals(Kube.ingress(service).stream().map(Patches::shown).toList())) {
            status.put("loadBalancer", wanted.isEmpty() ? Map.of() : Map.of("ingress", wanted));
        }
        conditions(plan).ifPresent(conditions -> status.put("conditions", conditions));
        List<Operation> operations = new ArrayList<>();
        if (service.getStatus() == null && !status.isEmpty()) {
            operations.add(Operation.add("/status", status));
        } else {
            status.forEach((field, value) -> operations.add(Operation.add("/status/" + field, value)));
        }
        return patch(service, operations);
    }

    private Map<String, String> shown(IpAddress address) {
        return hostNames || address.isAny()
                ? Map.of("hostname", HostName.of(address, zone))
                : Map.of("ip", address.toString(), "ipMode", VIP);
    }

    /** In the same form. A mode that is not there means VIP. */
    private static Map<String, String> shown(LoadBalancerIngress ingress) {
        Map<String, String> shown = new LinkedHashMap<>();
        if (ingress.getHostname() != null && !ingress.getHostname().isEmpty()) {
            shown.put("hostname", ingress.getHostname());
        }
        if (ingress.getIp() != null && !ingress.getIp().isEmpty()) {
            shown.put("ip", ingress.getIp());
            shown.put("ipMode", ingress.getIpMode() == null ? VIP : ingress.getIpMode());
        }
        return shown;
    }

    /** All conditions, when ours changes. One that was never false needs not be said. */
    private static Optional<List<Condition>> conditions(ServicePlan plan) {
        Service service = plan.service();
        List<Condition> all = new ArrayList<>(
                service.getStatus() == null
                        ? List.of()
                        : Kube.list(service.getStatus().getConditions()));
        Optional<Condition> before = all.stream()
                .filter(condition -> condition.getType().equals(CONDITION))
                .findFirst();
        if (plan.released()) {
            return before.map(condition -> {
                all.remove(condition);
                return all;
            });
        }
        Optional<Grant.Refused> refusal = plan.refusal();
        if (before.isEmpty() && refusal.isEmpty()) {
            return Optional.empty();
        }
        Condition wanted = new Condition();
        wanted.setType(CONDITION);
        wanted.setStatus(refusal.isPresent() ? "False" : "True");
        wanted.setReason(refusal.map(Grant.Refused::reason).orElse("Allocated"));
        wanted.setMessage(refusal.map(Grant.Refused::sentence).orElse("the Service has all its addresses"));
        wanted.setObservedGeneration(service.getMetadata().getGeneration());
        boolean sameStatus = before.isPresent() && before.get().getStatus().equals(wanted.getStatus());
        if (sameStatus
                && wanted.getReason().equals(before.get().getReason())
                && wanted.getMessage().equals(before.get().getMessage())) {
            return Optional.empty();
        }
        wanted.setLastTransitionTime(
                sameStatus
                        ? before.get().getLastTransitionTime()
                        : Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        before.ifPresent(all::remove);
        all.add(wanted);
        return Optional.of(all);
    }

    private static String text(List<?> things) {
        return String.join(",", things.stream().map(Object::toString).toList());
    }

    /** The version is replaced by itself: an API server takes that from nobody who saw another one, and says 409. */
    private static String patch(Service service, List<Operation> operations) {
        if (operations.isEmpty()) {
            return "";
        }
        List<Operation> all = new ArrayList<>();
        all.add(version(service.getMetadata().getResourceVersion()));
        all.addAll(operations);
        return Serialization.asJson(all);
    }

    private static Operation version(String version) {
        return new Operation("replace", "/metadata/resourceVersion", version);
    }

    /** The same patch for a later version, which a patch of ours made. */
    static String moved(String patch, String from, String to) {
        return patch.replace(Serialization.asJson(version(from)), Serialization.asJson(version(to)));
    }

    /** Of RFC 6902. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Operation(String op, String path, Object value) {
        static Operation add(String path, Object value) {
            return new Operation("add", path, value);
        }
    }
}
