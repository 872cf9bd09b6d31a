package io.gatun.ha.health;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A probe has changed its verdict, for JDK Flight Recorder. */
@Name("gatun.ProbeChange")
@Label("Probe Change")
@Category("Gatun")
@Description("An endpoint was found up or down")
@StackTrace(false)
final class ProbeEvent extends Event {
    @Label("Address")
    String address;

    @Label("Type")
    String type;

    @Label("Port")
    @Description("0 where the type has none")
    int port;

    @Label("Up")
    boolean up;

    @Label("Reason")
    @Description("Why it is down")
    String reason;

    @Label("Down Time")
    @Description("How long it was down, when it is up")
    @Timespan(Timespan.MILLISECONDS)
    long downTime;

    static void commit(Probe probe, long nowNs) {
        ProbeEvent event = new ProbeEvent();
        if (!event.shouldCommit()) {
            return;
        }
        event.address = probe.target().address().getHostAddress();
        event.type = probe.target().type().text();
        event.port = probe.target().port();
        event.up = probe.up();
        event.reason = probe.reason();
        event.downTime = probe.up() ? probe.downMs(nowNs) : 0;
        event.commit();
    }
}
