package io.gatun.forwarder.control;

/**
 * What may be changed while packets flow. Agents look for a change when a duty cycle begins; one that sleeps sees it
 * within 100 ms.
 *
 * @param batchSize packets that an agent takes in one duty cycle, 1-64
 * @param spin whether agents of interfaces never sleep
 * @param busyPollBudget packets that the kernel takes in one poll of an agent that spins on AF_XDP, 1-64
 *     (SO_BUSY_POLL_BUDGET)
 * @param idleSpins empty duty cycles before an agent sleeps, 0-1000000
 * @param timeouts how long connections are remembered
 * @param flowEventBytes the end of a connection that moved so many bytes in both directions is a JFR event; 0 for none
 */
public record Settings(
        int batchSize, boolean spin, int busyPollBudget, int idleSpins, Timeouts timeouts, long flowEventBytes) {
    private static final int BATCH_MAX = 64;
    private static final int BUDGET_MAX = 64;
    private static final int SPINS_MAX = 1_000_000;
    private static final int TIMEOUT_MAX_S = 86_400;

    /** Few spins: where the kernel receives on the CPU of the agent, spinning keeps it from that. */
    public static final Settings DEFAULT =
            new Settings(BATCH_MAX, false, BUDGET_MAX, 10, Timeouts.DEFAULT, 100_000_000);

    /** @throws RejectedException when a value is none that can be */
    public Settings {
        range("batchSize", batchSize, 1, BATCH_MAX);
        range("busyPollBudget", busyPollBudget, 1, BUDGET_MAX);
        range("idleSpins", idleSpins, 0, SPINS_MAX);
        range("flowEventBytes", flowEventBytes, 0, Long.MAX_VALUE);
    }

    /**
     * Seconds of silence after which connections are forgotten; those that are established have the time of their rule.
     * Each is 1-86400.
     *
     * @param handshakeS TCP and SCTP that are not yet, or no longer, established: contract section 3.6
     * @param unansweredS datagrams and echo requests without an answer: contract section 3.6
     * @param fragmentsS datagrams in fragments, whose fragments come within milliseconds of each other
     * @param persistenceS the endpoint of a client of a persistent service: contract section 3.3
     * @param orphanS connections of TCP and SCTP whose service is unknown, after a restart say: contract section 3.6
     */
    public record Timeouts(int handshakeS, int unansweredS, int fragmentsS, int persistenceS, int orphanS) {
        public static final Timeouts DEFAULT = new Timeouts(10, 5, 2, 10_800, 1_800);

        /** @throws RejectedException when a value is none that can be */
        public Timeouts {
            range("handshakeTimeoutS", handshakeS, 1, TIMEOUT_MAX_S);
            range("unansweredTimeoutS", unansweredS, 1, TIMEOUT_MAX_S);
            range("fragmentsTimeoutS", fragmentsS, 1, TIMEOUT_MAX_S);
            range("persistenceTimeoutS", persistenceS, 1, TIMEOUT_MAX_S);
            range("orphanTimeoutS", orphanS, 1, TIMEOUT_MAX_S);
        }

        public Timeouts withHandshakeS(int seconds) {
            return new Timeouts(seconds, unansweredS, fragmentsS, persistenceS, orphanS);
        }

        public Timeouts withUnansweredS(int seconds) {
            return new Timeouts(handshakeS, seconds, fragmentsS, persistenceS, orphanS);
        }

        public Timeouts withFragmentsS(int seconds) {
            return new Timeouts(handshakeS, unansweredS, seconds, persistenceS, orphanS);
        }

        public Timeouts withPersistenceS(int seconds) {
            return new Timeouts(handshakeS, unansweredS, fragmentsS, seconds, orphanS);
        }

        public Timeouts withOrphanS(int seconds) {
            return new Timeouts(handshakeS, unansweredS, fragmentsS, persistenceS, seconds);
        }
    }

    public Settings withBatchSize(int packets) {
        return new Settings(packets, spin, busyPollBudget, idleSpins, timeouts, flowEventBytes);
    }

    public Settings withSpin(boolean now) {
        return new Settings(batchSize, now, busyPollBudget, idleSpins, timeouts, flowEventBytes);
    }

    public Settings withBusyPollBudget(int packets) {
        return new Settings(batchSize, spin, packets, idleSpins, timeouts, flowEventBytes);
    }

    public Settings withIdleSpins(int cycles) {
        return new Settings(batchSize, spin, busyPollBudget, cycles, timeouts, flowEventBytes);
    }

    public Settings withTimeouts(Timeouts wanted) {
        return new Settings(batchSize, spin, busyPollBudget, idleSpins, wanted, flowEventBytes);
    }

    public Settings withFlowEventBytes(long bytes) {
        return new Settings(batchSize, spin, busyPollBudget, idleSpins, timeouts, bytes);
    }

    private static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw RejectedException.invalid(
                    name, value, max == Long.MAX_VALUE ? "give " + min + " or more" : "give " + min + "-" + max);
        }
    }
}
