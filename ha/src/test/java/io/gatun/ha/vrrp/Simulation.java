package io.gatun.ha.vrrp;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Some nodes on one wire in a time of their own, all of it from one seed. First everything goes wrong: loss, delay and
 * with it reordering, partitions, links that go, nodes that freeze, die or leave, priorities that change. Then all that
 * heals, but a node may stay without link or dead, or held back. Throws AssertionError when an invariant does not hold.
 */
final class Simulation {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ADDRESS_FIRST = 1;
    private static final int DELIVERIES_MAX = 20_000;
    private static final int PREEMPT_DELAY_MAX_MS = 500;
    /** Of the shortest interval that there is. */
    private static final long THREE_MISSED_NS = 300 * MS;

    private static final List<Preemption> PREEMPTIONS = List.of(Preemption.values());
    private static final int PROBE_MS = 20;
    private static final long TICK_NS = 5 * MS;
    private static final long DELAY_MAX_NS = 30 * MS;
    private static final long CALM_DELAY_MAX_NS = 3 * MS;

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Delivery> wire = new PriorityQueue<>((left, right) ->
            left.atNs != right.atNs ? Long.compare(left.atNs, right.atNs) : Integer.compare(left.order, right.order));
    private final long intervalMaxNs;
    private boolean[][] cut;
    private final PriorityQueue<Answer> answers =
            new PriorityQueue<>((left, right) -> Long.compare(left.atNs, right.atNs));
    private double loss;
    private boolean calm;
    private long nowNs;
    private long sharedSinceNs = -1;
    private int deliveries;
    private int takeovers;

    private record Delivery(long atNs, int order, Node from, Node to, int priority, int intervalCs) {}

    /** Of another node, to the probe of an address. */
    private record Answer(long atNs, Node to) {}

    Simulation(long seed) {
        random = new Random(seed);
        int count = 2 + random.nextInt(2);
        int intervalMaxCs = 0;
        boolean alike = random.nextBoolean();
        int first = interval();
        for (int i = 0; i < count; i++) {
            int intervalCs = alike ? first : interval();
            intervalMaxCs = Math.max(intervalMaxCs, intervalCs);
            nodes.add(new Node(ADDRESS_FIRST + i, intervalCs));
        }
        intervalMaxNs = intervalMaxCs * VrrpTiming.CENTISECOND_NS;
        cut = new boolean[count][count];
    }

    private int interval() {
        return 10 * (1 + random.nextInt(3));
    }

    /** How often a node became Active. */
    int takeovers() {
        return takeovers;
    }

    void run() {
        loss = random.nextInt(4) * 0.1;
        long chaosEndNs = (1_000 + random.nextInt(2_000)) * MS;
        for (Node node : nodes) {
            node.boot();
        }
        while (nowNs < chaosEndNs) {
            if (random.nextInt(20) == 0) {
                disturb();
            }
            step();
        }
        heal();
        int intervalMaxCs = (int) (intervalMaxNs / VrrpTiming.CENTISECOND_NS);
        long settledNs = nowNs
                + DELAY_MAX_NS
                + PREEMPT_DELAY_MAX_MS * MS
                + PROBE_MS * MS
                + 3 * VrrpTiming.activeDownNs(1, intervalMaxCs);
        while (nowNs < settledNs) {
            step();
        }
        long quietEndNs = nowNs + 5 * intervalMaxNs;
        while (nowNs < quietEndNs) {
            step();
            long able = nodes.stream().filter(Node::able).count();
            require(activeCount() == Math.min(1, able), "exactly one is Active in the quiet, of " + able + " able");
        }
    }

    private void disturb() {
        Node node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(8)) {
            case 0 -> node.link(!node.linkUp);
            case 1 -> node.frozenUntilNs = nowNs + random.nextInt(800) * MS;
            case 2 -> node.die();
            case 3 -> node.boot();
            case 4 -> node.instance.priority(1 + random.nextInt(254), nowNs);
            case 5 -> node.leave();
            case 6 -> node.preemption(PREEMPTIONS.get(random.nextInt(PREEMPTIONS.size())));
            default -> partition();
        }
    }

    private void partition() {
        for (boolean[] row : cut) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(3) == 0; // one-way too
            }
        }
    }

    private void heal() {
        cut = new boolean[nodes.size()][nodes.size()];
        loss = 0;
        calm = true;
        sharedSinceNs = -1;
        for (Node node : nodes) {
            node.frozenUntilNs = nowNs;
            node.preemption(random.nextBoolean() ? Preemption.ALLOWED : Preemption.HELD_BACK);
            if (random.nextInt(4) > 0) {
                node.boot();
                node.link(true);
                node.instance.enable(true, nowNs);
            }
        }
    }

    private void step() {
        nowNs += TICK_NS / 5 + random.nextLong(TICK_NS);
        while (!wire.isEmpty() && wire.peek().atNs <= nowNs) {
            Delivery delivery = wire.poll();
            if (delivery.to.awake()) {
                delivery.to.wake();
                delivery.to.hear(delivery);
            } else if (delivery.to.alive && delivery.to.linkUp) {
                delivery.to.queued.add(delivery);
            }
            check();
        }
        while (!answers.isEmpty() && answers.peek().atNs <= nowNs) {
            Node to = answers.poll().to;
            if (to.awake()) {
                to.wake();
                to.instance.onProbeAnswer(nowNs);
                check();
            }
        }
        for (Node node : nodes) {
            if (node.awake()) {
                node.wake();
                node.instance.onTimer(nowNs);
                check();
            }
        }
    }

    private void check() {
        for (Node node : nodes) {
            require(node.owns == (node.instance.state() == VrrpState.ACTIVE) || !node.alive, "who owns has been told");
            require(!node.owns || node.linkUp, "nobody owns the addresses without a link");
            require(!node.owns || node.alive, "nobody owns the addresses who is dead");
        }
        if (!calm) {
            return;
        }
        if (activeCount() < 2) {
            sharedSinceNs = -1;
        } else if (sharedSinceNs < 0) {
            sharedSinceNs = nowNs;
        } else {
            // Whoever is Active says so within an interval, and what was under way before the calm is late at most so.
            require(nowNs - sharedSinceNs <= intervalMaxNs + DELAY_MAX_NS + 4 * TICK_NS, "two are Active for too long");
        }
    }

    private long activeCount() {
        return nodes.stream().filter(node -> node.owns).count();
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + " at " + nowNs / MS + " ms: " + nodes);
        }
    }

    private final class Node implements VrrpActions {
        private final long address;
        private final int intervalCs;
        private final boolean preempt = random.nextInt(4) > 0;
        private final long delayNs = random.nextInt(4) == 0 ? random.nextInt(PREEMPT_DELAY_MAX_MS) * MS : 0;
        private final List<Delivery> queued = new ArrayList<>();
        private final long probeNs = random.nextBoolean() ? PROBE_MS * MS : 0;
        private VrrpInstance instance;
        private boolean alive;
        private boolean linkUp = true;
        private boolean owns;
        private long frozenUntilNs;
        private long ranNs;
        private Preemption preemption = Preemption.ALLOWED;
        /** When it last had to obey, as it was held back; negative for not. */
        private long obeyedNs = -1;

        Node(long address, int intervalCs) {
            this.address = address;
            this.intervalCs = intervalCs;
        }

        void boot() {
            if (alive) {
                return;
            }
            // Few priorities, so that equal ones are frequent.
            VrrpSpec spec = new VrrpSpec(7, 100 + random.nextInt(3), intervalCs, preempt, delayNs, probeNs);
            instance = new VrrpInstance(spec, this);
            instance.address(0, address);
            preemption(preemption);
            alive = true;
            frozenUntilNs = nowNs;
            ranNs = nowNs;
            instance.onLink(linkUp, nowNs);
            instance.enable(true, nowNs);
        }

        void preemption(Preemption now) {
            preemption = now;
            obeyedNs = -1;
            instance.preemption(now);
        }

        void hear(Delivery advert) {
            instance.onAdvert(advert.priority, advert.intervalCs, 0, advert.from.address, nowNs);
            boolean obeys = preemption == Preemption.HELD_BACK && instance.state() == VrrpState.BACKUP;
            obeyedNs = obeys && advert.priority > 0 ? nowNs : -1;
        }

        void die() {
            alive = false;
            owns = false;
            queued.clear();
        }

        void leave() {
            if (awake()) {
                instance.enable(false, nowNs);
                die();
            }
        }

        /** Its thread sees a link that went as soon as it runs; a frozen one forwards nothing anyway. */
        void link(boolean up) {
            if (awake()) {
                linkUp = up;
                queued.clear();
                instance.onLink(up, nowNs);
            }
        }

        boolean awake() {
            return alive && nowNs >= frozenUntilNs;
        }

        boolean able() {
            return alive && linkUp;
        }

        /** What the agent does first. */
        void wake() {
            if (nowNs - ranNs > VrrpSpec.freezeNs(intervalCs)) {
                instance.onFreeze(nowNs);
            }
            ranNs = nowNs;
            for (Delivery late : queued) {
                hear(late);
            }
            queued.clear();
        }

        @Override
        public void advertise(int priority, int intervalCs) {
            require(linkUp, "nothing is sent without a link");
            for (Node to : nodes) {
                boolean lost = to == this || isCut(to) || random.nextDouble() < loss;
                require(deliveries < DELIVERIES_MAX, "adverts answer adverts without end");
                if (!lost) {
                    long delayNs = random.nextLong(calm ? CALM_DELAY_MAX_NS : DELAY_MAX_NS);
                    wire.add(new Delivery(nowNs + delayNs, deliveries++, this, to, priority, intervalCs));
                }
            }
        }

        /** ARP goes where adverts may not; an owner that is awake answers, one that is not does not. */
        @Override
        public void probe() {
            for (Node other : nodes) {
                if (other != this && linkUp && other.owns && other.linkUp && other.awake()) {
                    answers.add(new Answer(nowNs + random.nextLong(calm ? CALM_DELAY_MAX_NS : DELAY_MAX_NS), this));
                }
            }
        }

        private boolean isCut(Node to) {
            return cut[(int) address - ADDRESS_FIRST][(int) to.address - ADDRESS_FIRST];
        }

        @Override
        public void onActive() {
            require(obeyedNs < 0 || nowNs - obeyedNs >= THREE_MISSED_NS, "who is held back takes over from nobody");
            owns = true;
            takeovers++;
        }

        @Override
        public void onSilent() {
            owns = false;
        }

        @Override
        public void onRival() {
            require(owns, "only an owner has a rival");
        }

        @Override
        public String toString() {
            return "\n  " + address + (alive ? " " + instance.state() + " priority " + instance.priority() : " dead")
                    + (linkUp ? "" : " no link") + " interval " + intervalCs + (preempt ? " preempt" : "") + " delay "
                    + delayNs / MS;
        }
    }
}
