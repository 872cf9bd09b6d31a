package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.traffic.Flows;
import java.util.Locale;

/**
 * A contender with this many flows.
 *
 * @param name for tables; what comes after a comma is another way to run the same
 */
public record ForwardEntry(String name, Contender contender, Flows flows) {
    /** With the flows of the case. */
    public static ForwardEntry of(Contender contender, Flows flows) {
        return new ForwardEntry(contender.name(), contender, flows);
    }

    /** With as many as usual and the same rule, to compare with. */
    public static ForwardEntry few(Contender contender, Flows flows) {
        return new ForwardEntry(few(contender.name()), contender, flows.few());
    }

    static String few(String contender) {
        return String.format(Locale.ROOT, "%s, %,d flows", contender, Flows.USUAL.count());
    }
}
