package io.gatun.ha.incident;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A completed {@link Incident} for JDK Flight Recorder. */
@Name("gatun.Takeover")
@Label("Takeover")
@Category("Gatun")
@Description("This node took the VIPs over")
@StackTrace(false)
final class TakeoverEvent extends Event {
    @Label("IPv6")
    boolean ipv6;

    @Label("Detected By")
    String detectedBy;

    @Label("Silence")
    @Timespan(Timespan.NANOSECONDS)
    long silence;

    @Label("Held Back")
    int heldBack;

    @Label("Announced")
    @Description("After the decision; -1 when it was not")
    @Timespan(Timespan.NANOSECONDS)
    long announced;

    @Label("First Packet")
    @Description("After the decision; -1 when there was none")
    @Timespan(Timespan.NANOSECONDS)
    long firstPacket;

    @Label("Connections Inherited")
    long inherited;

    @Label("Connections Lost")
    long lost;

    @Label("Alarm")
    boolean alarm;

    static void commit(Incident incident) {
        TakeoverEvent event = new TakeoverEvent();
        event.ipv6 = incident.ipv6();
        event.detectedBy = incident.detection().text();
        event.silence = incident.silenceNs();
        event.heldBack = incident.heldBack();
        event.announced = incident.announcedNs().orElse(-1);
        event.firstPacket = incident.firstPacketNs().orElse(-1);
        event.inherited = incident.inherited();
        event.lost = incident.lost();
        event.alarm = incident.alarm();
        event.commit();
    }
}
