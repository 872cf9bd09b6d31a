package io.gatun.api.daemon;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * An agent or a ring stands still and this node gives the VIPs up, or all move again, for JDK Flight Recorder. The two
 * have events of their own, so that a recording that ends in between has the first.
 */
@Name("gatun.Stall")
@Label("Stall")
@Category("Gatun")
@Description("What moves packets has stood still, or moves again")
@StackTrace(false)
final class StallEvent extends Event {
    @Label("What")
    @Description("Agent or ring; empty when all move again")
    String what;

    @Label("Stalled")
    boolean stalled;

    static void commit(String what, boolean stalled) {
        StallEvent event = new StallEvent();
        event.what = what;
        event.stalled = stalled;
        event.commit();
    }
}
