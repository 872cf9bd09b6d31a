package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.desired.Notice;
import io.gatun.kube.desired.ServicePlan;
import io.gatun.kube.model.IpAddress;
import io.gatun.kube.model.LoadBalancers;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What users were told about one Service, so that they are told when it changes, and not again. */
final class Standing {
    /** Load balancers usually let go of a rule within that time. */
    private static final long SLOW_NS = Duration.ofSeconds(5).toNanos();

    private final Events events;
    private Set<Notice> told = Set.of();
    private List<IpAddress> given = List.of();
    private String refusal = "";
    private String error = "";
    /** Rules of which it was said that all load balancers have them. */
    private Set<RuleKey> announced = Set.of();

    private boolean programmed;
    /** Of a Service that had its address before this controller came, what is well is no news. */
    private boolean familiar;

    private boolean releasing;
    private long releaseNs;

    Standing(Events events, boolean familiar) {
        this.events = events;
        this.familiar = familiar;
    }

    boolean programmed() {
        return programmed;
    }

    /**
     * Tells what is new.
     *
     * @param saved whether the Service shows its addresses already
     */
    void serving(ServicePlan plan, boolean saved, LoadBalancers loadBalancers) {
        Service service = plan.service();
        if (!plan.fresh().isEmpty()) {
            given = plan.fresh();
            familiar = false;
        }
        if (saved && !given.isEmpty()) {
            events.normal(service, "AddressAllocated", "the Service has " + text(given));
            given = List.of();
        }
        String now = plan.refusal().map(refused -> refused.sentence()).orElse("");
        if (!now.equals(refusal) && !now.isEmpty()) {
            events.warning(service, plan.refusal().orElseThrow().reason(), now);
        }
        refusal = now;
        Set<Notice> notices = new HashSet<>(plan.notices());
        for (Notice notice : plan.notices()) {
            if (!told.contains(notice)) {
                events.warning(service, notice.reason(), notice.message());
            }
        }
        told = notices;
        progress(plan, loadBalancers);
    }

    private void progress(ServicePlan plan, LoadBalancers loadBalancers) {
        Service service = plan.service();
        boolean all = !plan.rules().isEmpty();
        int members = 0;
        String problem = "";
        for (RuleKey key : plan.rules()) {
            RuleState state = loadBalancers.state(key);
            all &= state.members() > 0 && state.holding() == state.members();
            members = state.members();
            problem = problem.isEmpty() ? state.error() : problem;
        }
        if (!plan.rules().isEmpty() && members == 0) {
            problem =
                    "no load balancer is ready, look at the endpoints of the load balancers' Service, or at --loxiURL";
        }
        if (!problem.isEmpty() && !problem.equals(error)) {
            events.warning(service, "ProgramFailed", problem);
            announced = Set.of();
        }
        error = problem;
        // Other endpoints are on their way again and again, and no news.
        if (all && !familiar && !plan.rules().equals(announced)) {
            events.normal(
                    service,
                    "Programmed",
                    text(plan.rules()) + (members == 1 ? " is on the load balancer" : " is on all load balancers"));
        }
        if (all || plan.rules().isEmpty()) {
            announced = plan.rules();
        }
        familiar &= !all;
        programmed = all;
    }

    /** Tells why a Service does not go, when it takes long. */
    void releasing(ServicePlan plan, Wake wake, RuleState state, RuleKey key) {
        long nowNs = System.nanoTime();
        if (!releasing) {
            releasing = true;
            releaseNs = nowNs;
            wake.after(SLOW_NS);
        } else if (nowNs - releaseNs >= SLOW_NS) {
            events.warning(
                    plan.service(),
                    "ReleaseDelayed",
                    "rule " + key + " may still be on " + state.outdated() + " of " + state.members()
                            + " load balancers" + (state.error().isEmpty() ? "" : ": " + state.error()));
            releaseNs = nowNs + SLOW_NS * 10;
        }
    }

    /** Tells that a Service goes although a load balancer may have its rule. */
    void givingUp(ServicePlan plan, RuleState state, RuleKey key) {
        events.warning(
                plan.service(),
                "ReleaseIncomplete",
                "rule " + key + " may still be on " + state.lost() + " of " + state.members()
                        + " load balancers, from which nothing was heard for long: the Service goes without them, and the"
                        + " rule when they answer again");
    }

    private static String text(Iterable<?> things) {
        StringBuilder text = new StringBuilder();
        things.forEach(thing -> text.append(text.isEmpty() ? "" : ", ").append(thing));
        return text.toString();
    }
}
