package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.control.AddressText;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection has ended by silence, for JDK Flight Recorder. Made on the conductor's thread, of those that moved much. */
@Name("gatun.Flow")
@Label("Flow")
@Category("Gatun")
@Description("A connection that moved many bytes has ended")
@StackTrace(false)
final class FlowEvent extends Event {
    @Label("Service")
    String service;

    @Label("Protocol")
    String protocol;

    @Label("Client")
    String client;

    @Label("VIP")
    String vip;

    @Label("Packets")
    @Description("In both directions")
    long packets;

    @Label("Bytes")
    @Description("Of IP packets in both directions")
    @DataAmount
    long bytes;

    /** @param flow the direction from the client */
    static void commit(FlowSlot flow, String service, long packets, long bytes) {
        FlowEvent event = new FlowEvent();
        if (!event.shouldCommit()) {
            return;
        }
        event.service = service;
        event.protocol = Snapshots.protocol(flow.protocol()).text();
        event.client = AddressText.of(FlowAddresses.source(flow), flow.sourcePort());
        event.vip = AddressText.of(FlowAddresses.destination(flow), flow.destinationPort());
        event.packets = packets;
        event.bytes = bytes;
        event.commit();
    }
}
