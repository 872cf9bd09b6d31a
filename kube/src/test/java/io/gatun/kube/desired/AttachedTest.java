package io.gatun.kube.desired;

import static io.gatun.kube.KubeObjects.FINALIZER;
import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.notReady;
import static io.gatun.kube.KubeObjects.options;
import static io.gatun.kube.KubeObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a Service whose rules others share. */
class AttachedTest {
    private static final Node W1 = node("w1", "192.168.80.101");
    private static final Node W2 = node("w2", "192.168.80.102");
    private static final RuleKey KEY = new RuleKey("192.168.80.200", 80, "tcp");
    private static final String BOTH = "192.168.80.200:80/tcp=192.168.80.101:30080,192.168.80.102:30080";

    private static Desired conclude(List<Node> nodes, Service... services) {
        return Conclusion.of(
                new Snapshot(List.of(services), List.of(), nodes, List.of()),
                options("192.168.80.200/32", false, true),
                Map.of());
    }

    private static ServiceBuilder written(String text) {
        return service("web")
                .editMetadata()
                .addToFinalizers(FINALIZER)
                .addToAnnotations(Holding.ADDRESSES, "192.168.80.200")
                .addToAnnotations(Holding.PORTS, "80/tcp")
                .addToAnnotations(Attached.ANNOTATION, text)
                .endMetadata();
    }

    private static String text(Desired desired, boolean gone) {
        return desired.plans().get("default/web").attached(key -> gone).text();
    }

    private static List<String> addresses(List<RuleEndpoint> endpoints) {
        return endpoints.stream().map(RuleEndpoint::address).toList();
    }

    @Test
    void nothingIsAttachedBeforeItIsWritten() {
        Desired desired = conclude(List.of(W1, W2), service("web").build());
        assertEquals(Map.of(), desired.rules());
        assertEquals(Set.of(KEY), desired.plans().get("default/web").rules());
        assertEquals(BOTH, text(desired, true));
    }

    @Test
    void whatIsWrittenIsAttachedAndWhatIsNotWantedMustGo() {
        Desired desired = conclude(List.of(W1, notReady(W2)), written(BOTH).build());
        Rule rule = desired.rules().get(KEY);
        assertEquals(List.of("192.168.80.101"), addresses(rule.endpoints()));
        assertEquals(List.of("192.168.80.102"), addresses(rule.absent()));
        assertEquals(BOTH, text(desired, false));
        assertEquals("192.168.80.200:80/tcp=192.168.80.101:30080", text(desired, true));
    }

    @Test
    void withoutEndpointsNothingOfOursStays() {
        Desired desired = conclude(List.of(), written(BOTH).build());
        Rule rule = desired.rules().get(KEY);
        assertEquals(List.of(), rule.endpoints());
        assertEquals(List.of("192.168.80.101", "192.168.80.102"), addresses(rule.absent()));
        assertEquals(Set.of(), desired.plans().get("default/web").rules());
        assertEquals("", text(desired, true));
    }

    @Test
    void ofADeletedServiceAndOfAPortThatItHadAllMustGo() {
        Service deleted = written(BOTH + " [2001:db8::200]:53/udp=[2001:db8:1::101]:30053")
                .editMetadata()
                .withDeletionTimestamp("2026-01-02T00:00:00Z")
                .endMetadata()
                .build();
        Desired desired = conclude(List.of(W1, W2), deleted);
        RuleKey six = new RuleKey("2001:db8::200", 53, "udp");
        assertEquals(Set.of(KEY, six), desired.rules().keySet());
        assertEquals(
                List.of(new RuleEndpoint("2001:db8:1::101", 30_053, 0)),
                desired.rules().get(six).absent());
        assertEquals(List.of(), desired.rules().get(KEY).endpoints());
        assertEquals(Set.of(KEY, six), desired.plans().get("default/web").keys());
    }

    @Test
    void ofTwoServicesOnOnePortBothHaveASay() {
        Service gone = written(BOTH)
                .editMetadata()
                .withName("old")
                .withUid("uid-old")
                .endMetadata()
                .editSpec()
                .editFirstPort()
                .withPort(81)
                .endPort()
                .endSpec()
                .build();
        Service now = written("192.168.80.200:80/tcp=192.168.80.101:30080").build();
        Rule rule = conclude(List.of(W1), gone, now).rules().get(KEY);
        assertEquals(List.of("192.168.80.101"), addresses(rule.endpoints()));
        assertEquals(List.of("192.168.80.102"), addresses(rule.absent()));
    }
}
