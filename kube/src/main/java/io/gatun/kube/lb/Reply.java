package io.gatun.kube.lb;

/**
 * What came of a change that a load balancer was asked for.
 *
 * @param text what it said of it, empty when there is nothing to say
 */
record Reply(Outcome outcome, String text) {
    static final Reply DONE = new Reply(Outcome.DONE, "");

    enum Outcome {
        /** It is so now. */
        DONE("done"),
        /** A rule is there already: the same one, or one that the load balancer takes for the same. */
        EXISTS("exists"),
        /** It will not, and asking again is of little use. */
        REFUSED("refused"),
        /** It cannot for now: a status of 500 or more, or 429. */
        BROKEN("broken"),
        /** No answer: it may be so or not. */
        UNREACHABLE("unreachable");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    boolean is(Outcome other) {
        return outcome == other;
    }

    /** Whether it is as asked. */
    boolean holds() {
        return is(Outcome.DONE) || is(Outcome.EXISTS);
    }
}
